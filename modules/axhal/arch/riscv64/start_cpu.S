/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a further hart starts (SBI Specification, "Hart State Management"): supervisor mode, translation off; what a1 is given,
 * the address of axhal_cpu_start_info, is not relied on (start.S: entered_again). It turns translation on with the start root,
 * which shows the image at its physical addresses too, with its rights, changes to the kernel's root in the upper half, and
 * calls axhal_cpu_main() on the stack that it is given.
 */
#include "registers.h"
#include "satp.h"

	.section .text.boot, "ax"
	.global axhal_cpu_entry
	.hidden axhal_cpu_entry
	.type axhal_cpu_entry, @function
axhal_cpu_entry:
	csrw sie, zero
	csrci sstatus, SSTATUS_SIE
	lla t0, axhal_cpu_start_info
	ld a0, (t0)
	lla a1, 5f
	j axhal_turn_on_translation
5:	lla t0, axhal_cpu_start_info
	ld a0, 8(t0)
	ld sp, 16(t0)
	srli a0, a0, 12
	li t1, SATP_MODE
	slli t1, t1, SATP_MODE_SHIFT
	or a0, a0, t1
	csrw satp, a0
	sfence.vma
	li gp, 0
	li tp, 0
	li s0, 0
	call axhal_cpu_main
	ebreak
	.size axhal_cpu_entry, . - axhal_cpu_entry

	.section .note.GNU-stack, "", @progbits
