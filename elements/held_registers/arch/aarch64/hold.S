/* SPDX-License-Identifier: Apache-2.0 */
/* void held_registers_hold(loaded, rounds, stored): see held_registers.h. */
#define VECTOR 224
#define FPCR   736
#define FRAME  192

/* Those that a function keeps for its caller, in its frame. */
.macro KEPT op
	\op x19, x20, [sp, #16]
	\op x21, x22, [sp, #32]
	\op x23, x24, [sp, #48]
	\op x25, x26, [sp, #64]
	\op x27, x28, [sp, #80]
	\op d8, d9, [sp, #96]
	\op d10, d11, [sp, #112]
	\op d12, d13, [sp, #128]
	\op d14, d15, [sp, #144]
.endm

/* x0 and x1 hold addresses, and are for last or first. */
.macro GENERAL op, base
	\op x2, x3, [\base, #16]
	\op x4, x5, [\base, #32]
	\op x6, x7, [\base, #48]
	\op x8, x9, [\base, #64]
	\op x10, x11, [\base, #80]
	\op x12, x13, [\base, #96]
	\op x14, x15, [\base, #112]
	\op x16, x19, [\base, #128]
	\op x20, x21, [\base, #144]
	\op x22, x23, [\base, #160]
	\op x24, x25, [\base, #176]
	\op x26, x27, [\base, #192]
	\op x28, x30, [\base, #208]
.endm

.macro VECTORS op, base
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op q\i, [\base, #(16 * \i)]
	.endr
.endm

	.text
	.globl held_registers_hold
	.type held_registers_hold, @function
	.balign 16
held_registers_hold:
	stp x29, x30, [sp, #-FRAME]!
	mov x29, sp
	KEPT stp
	mrs x3, fpcr
	stp x2, x3, [sp, #160]
	mov x17, x1                     /* the count */
	ldr x1, [x0, #FPCR]
	msr fpcr, x1
	add x1, x0, #VECTOR
	VECTORS ldr, x1
	GENERAL ldp, x0
	ldp x0, x1, [x0, #0]
1:	subs x17, x17, #1
	b.ne 1b
	ldr x17, [sp, #160]             /* stored */
	stp x0, x1, [x17, #0]
	GENERAL stp, x17
	mrs x1, fpcr
	str x1, [x17, #FPCR]
	add x1, x17, #VECTOR
	VECTORS str, x1
	ldr x3, [sp, #168]
	msr fpcr, x3
	KEPT ldp
	ldp x29, x30, [sp], #FRAME
	ret
	.size held_registers_hold, . - held_registers_hold

	.section .note.GNU-stack, "", @progbits
