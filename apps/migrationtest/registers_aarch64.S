/* SPDX-License-Identifier: Apache-2.0 */
/* void registers_hold(const registers_t *loaded, uint64_t rounds, registers_t *stored), see registers.h */
#define VECTOR 224
#define FPCR   736
#define FRAME  192

	.text
	.globl registers_hold
	.hidden registers_hold
	.type registers_hold, @function
	.balign 16
registers_hold:
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
	ldp q0, q1, [x1, #0]
	ldp q2, q3, [x1, #32]
	ldp q4, q5, [x1, #64]
	ldp q6, q7, [x1, #96]
	ldp q8, q9, [x1, #128]
	ldp q10, q11, [x1, #160]
	ldp q12, q13, [x1, #192]
	ldp q14, q15, [x1, #224]
	ldp q16, q17, [x1, #256]
	ldp q18, q19, [x1, #288]
	ldp q20, q21, [x1, #320]
	ldp q22, q23, [x1, #352]
	ldp q24, q25, [x1, #384]
	ldp q26, q27, [x1, #416]
	ldp q28, q29, [x1, #448]
	ldp q30, q31, [x1, #480]
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
	stp q0, q1, [x1, #0]
	stp q2, q3, [x1, #32]
	stp q4, q5, [x1, #64]
	stp q6, q7, [x1, #96]
	stp q8, q9, [x1, #128]
	stp q10, q11, [x1, #160]
	stp q12, q13, [x1, #192]
	stp q14, q15, [x1, #224]
	stp q16, q17, [x1, #256]
	stp q18, q19, [x1, #288]
	stp q20, q21, [x1, #320]
	stp q22, q23, [x1, #352]
	stp q24, q25, [x1, #384]
	stp q26, q27, [x1, #416]
	stp q28, q29, [x1, #448]
	stp q30, q31, [x1, #480]
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
	.size registers_hold, . - registers_hold

	.section .note.GNU-stack, "", @progbits
