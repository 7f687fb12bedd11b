/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a further CPU starts (Intel SDM volume 3A, section 9.4.3): the startup message has it execute the low code in real
 * mode, from the page X86_PVH_START_PADDR, where axhal_cpu_start() has copied it. That page is never executed with paging
 * on, so no page table need show it executable: the low code turns protected mode on and jumps into the image, which goes
 * to long mode on a page table of its own (x86_pvh_start_pml4) that shows the first GiB at 0 as well, with the final rights.
 * At the kernel's offset it takes the kernel's page table, and calls x86_pvh_cpu_main() on the stack that it is given.
 */
#include "long_mode.h"

#define SELECTOR_CODE32 0x08
#define SELECTOR_DATA32 0x10

	.section .rodata
	.global x86_pvh_low_code
	.hidden x86_pvh_low_code
	.global x86_pvh_low_code_end
	.hidden x86_pvh_low_code_end
	.balign 8
x86_pvh_low_code:
	.code16
	cli
	cld
	movw %cs, %ax
	movw %ax, %ds
	lgdtl flat_gdt_pointer - x86_pvh_low_code
	movl $(CR0_NE | CR0_ET | CR0_PE), %eax /* and caches on */
	movl %eax, %cr0
	ljmpl $SELECTOR_CODE32, $PHYS(protected_mode)
	.balign 4
flat_gdt_pointer:
	.word 3 * 8 - 1
	.long PHYS(flat_gdt)
x86_pvh_low_code_end:

	.balign 8
flat_gdt:
	.quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff

	.section .text.boot, "ax"
	.code32
	.type protected_mode, @function
protected_mode:
	movw $SELECTOR_DATA32, %ax
	movw %ax, %ds
	ENTER_LONG_MODE x86_pvh_start_pml4, start_long_mode
	.size protected_mode, . - protected_mode

	.code64
	.type start_long_mode, @function
start_long_mode:
	movq $start_high_half, %rax
	jmpq *%rax
start_high_half:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	movl $SELECTOR_DATA, %eax       /* as in start.S */
	movl %eax, %ss
	movl $PHYS(axhal_boot_pml4), %eax
	movq %rax, %cr3
	movq x86_pvh_start_stack(%rip), %rsp
	xorl %ebp, %ebp
	callq x86_pvh_cpu_main
	ud2
	.size start_long_mode, . - start_long_mode

	.section .note.GNU-stack, "", @progbits
