/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the interrupt vectors, in order from IRQ_VECTOR_FIRST: push the vector, then axhal_interrupt(frame). */
#include "../../arch/x86_64/descriptors.h"
#include "../../arch/x86_64/trap_frame.h"
#include "vectors.h"

	.section .text.x86_pvh_irq_entries, "ax"
	.balign TRAP_ENTRY_BYTES
	.global x86_pvh_irq_entries
	.hidden x86_pvh_irq_entries
	.type x86_pvh_irq_entries, @function
x86_pvh_irq_entries:
	vector = IRQ_VECTOR_FIRST
	.rept IRQ_VECTORS
	.balign TRAP_ENTRY_BYTES
	pushq $0
	pushq $vector
	jmp irq_common
	vector = vector + 1
	.endr
irq_common:
	TRAP_BODY axhal_interrupt
	.size x86_pvh_irq_entries, . - x86_pvh_irq_entries

	.section .note.GNU-stack, "", @progbits
