/* SPDX-License-Identifier: Apache-2.0 */
/* void held_registers_hold(loaded, rounds, stored): see held_registers.h. */
#define VECTOR 224
#define FPCR   736
#define FRAME  192

	.text
	.globl held_registers_hold
	.type held_registers_hold, @function
	.balign 16
held_registers_hold:
	stp x29, x30, [sp, #-FRAME]!
	mov x29, sp
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	stp x23, x24, [sp, #48]
	stp x25, x26, [sp, #64]
	stp x27, x28, [sp, #80]
	stp d8, d9, [sp, #96]
	stp d10, d11, [sp, #112]
	stp d12, d13, [sp, #128]
	stp d14, d15, [sp, #144]
	mrs x3, fpcr
	stp x2, x3, [sp, #160]
	mov x17, x1                     /* the count */
	ldr x1, [x0, #FPCR]
	msr fpcr, x1
	add x1, x0, #VECTOR
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ldr q\i, [x1, #(16 * \i)]
	.endr
	ldp x2, x3, [x0, #16]
	ldp x4, x5, [x0, #32]
	ldp x6, x7, [x0, #48]
	ldp x8, x9, [x0, #64]
	ldp x10, x11, [x0, #80]
	ldp x12, x13, [x0, #96]
	ldp x14, x15, [x0, #112]
	ldp x16, x19, [x0, #128]
	ldp x20, x21, [x0, #144]
	ldp x22, x23, [x0, #160]
	ldp x24, x25, [x0, #176]
	ldp x26, x27, [x0, #192]
	ldp x28, x30, [x0, #208]
	ldp x0, x1, [x0, #0]
1:	subs x17, x17, #1
	b.ne 1b
	ldr x17, [sp, #160]             /* stored */
	stp x0, x1, [x17, #0]
	stp x2, x3, [x17, #16]
	stp x4, x5, [x17, #32]
	stp x6, x7, [x17, #48]
	stp x8, x9, [x17, #64]
	stp x10, x11, [x17, #80]
	stp x12, x13, [x17, #96]
	stp x14, x15, [x17, #112]
	stp x16, x19, [x17, #128]
	stp x20, x21, [x17, #144]
	stp x22, x23, [x17, #160]
	stp x24, x25, [x17, #176]
	stp x26, x27, [x17, #192]
	stp x28, x30, [x17, #208]
	mrs x1, fpcr
	str x1, [x17, #FPCR]
	add x1, x17, #VECTOR
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str q\i, [x1, #(16 * \i)]
	.endr
	ldr x3, [sp, #168]
	msr fpcr, x3
	ldp x19, x20, [sp, #16]
	ldp x21, x22, [sp, #32]
	ldp x23, x24, [sp, #48]
	ldp x25, x26, [sp, #64]
	ldp x27, x28, [sp, #80]
	ldp d8, d9, [sp, #96]
	ldp d10, d11, [sp, #112]
	ldp d12, d13, [sp, #128]
	ldp d14, d15, [sp, #144]
	ldp x29, x30, [sp], #FRAME
	ret
	.size held_registers_hold, . - held_registers_hold

	.section .note.GNU-stack, "", @progbits
