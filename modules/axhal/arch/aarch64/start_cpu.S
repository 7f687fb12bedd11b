/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a further CPU starts (PSCI, section 6.4; or the loader's spin table): EL1 or EL2, translation off. It turns translation on with the start root in the lower half, which shows the image at its physical addresses with its
 * rights, turns that half off in the upper one, and calls axhal_cpu_main() on the stack that it is given.
 */
#include "registers.h"

	.section .text.boot, "ax"
	.global axhal_cpu_entry
	.hidden axhal_cpu_entry
	.type axhal_cpu_entry, @function
axhal_cpu_entry:
	msr daifset, #15
	bl axhal_to_el1
	adrp x20, axhal_cpu_start_info
	add x20, x20, :lo12:axhal_cpu_start_info
	ldp x0, x1, [x20]
	ldr x2, =cpu_high_half
	b axhal_turn_on_translation
cpu_high_half:
	mrs x0, tcr_el1
	orr x0, x0, #TCR_NO_WALK_0
	msr tcr_el1, x0
	mrs x0, sctlr_el1
	orr x0, x0, #SCTLR_WXN
	msr sctlr_el1, x0
	isb
	tlbi vmalle1
	dsb nsh
	isb
	adrp x0, axhal_cpu_start_info
	add x0, x0, :lo12:axhal_cpu_start_info
	ldr x1, [x0, #16]
	mov sp, x1
	msr tpidr_el1, xzr
	mov x18, xzr
	mov x29, xzr
	bl axhal_cpu_main
	brk #0
	.ltorg
	.size axhal_cpu_entry, . - axhal_cpu_entry

	.section .note.GNU-stack, "", @progbits
