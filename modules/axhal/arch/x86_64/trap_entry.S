/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the 32 exception vectors, TRAP_ENTRY_BYTES each: push vector and error code, then axhal_trap(frame). */
#include "descriptors.h"
#include "trap_frame.h"

	.section .text.axhal_trap_entries, "ax"
	.balign TRAP_ENTRY_BYTES
	.global axhal_trap_entries
	.hidden axhal_trap_entries
	.type axhal_trap_entries, @function
axhal_trap_entries:
	vector = 0
	.rept 32
	.balign TRAP_ENTRY_BYTES
	/* Those for which the processor pushes an error code: Intel SDM volume 3A, table 6-1; AMD APM 8.4 (29, 30). */
	.if !((0x60227d00 >> vector) & 1)
	pushq $0
	.endif
	pushq $vector
	jmp trap_common
	vector = vector + 1
	.endr
trap_common:
	TRAP_BODY axhal_trap
	.size axhal_trap_entries, . - axhal_trap_entries

	.section .note.GNU-stack, "", @progbits
