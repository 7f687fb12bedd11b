/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For assembly: from 32-bit protected mode without paging, flat segments, to long mode (Intel SDM volume 3A, section
 * 9.8.5), with the control bits that every CPU of the kernel has.
 */
#pragma once

#include "../../arch/x86_64/registers.h"

#define KERNEL_OFFSET 0xffffffff80000000
#define PHYS(symbol)  ((symbol) - KERNEL_OFFSET)

/* To `target`, a symbol of the image that runs at its physical address, on the page table `pml4`, which shows that. */
.macro ENTER_LONG_MODE pml4, target
	movl $PHYS(\pml4), %eax
	movl %eax, %cr3
	movl $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
	movl %eax, %cr4
	movl $MSR_EFER, %ecx
	rdmsr
	orl $(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl $(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE), %eax
	movl %eax, %cr0
	lgdtl PHYS(boot_gdt_pointer_\@)
	ljmpl $SELECTOR_CODE, $PHYS(\target)

	.pushsection .rodata
	.balign 8
boot_gdt_pointer_\@:
	.word 3 * 8 - 1
	.long PHYS(axhal_gdt)
	.popsection
.endm
