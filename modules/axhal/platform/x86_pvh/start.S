/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry of an x86_64 virtual machine by the PVH boot protocol (Xen, "x86/HVM direct boot ABI"): 32-bit
 * protected mode with flat segments, paging off, ebx = physical address of struct hvm_start_info. Goes to long
 * mode on page tables that show the first GiB at 0, in the direct map and at the kernel's offset, then calls
 * axhal_pvh_main(start_info) on the boot stack. The image's pages get their final rights there.
 */
#include <axconfig/axconfig.h>
#include "long_mode.h"

#define PML4_INDEX(vaddr) (((vaddr) >> 39) & 511)

/* Bits of page-table entries: Intel SDM volume 3A, section 4.5 (4-level paging). */
#define PAGE_PRESENT         0x001
#define PAGE_WRITABLE        0x002
#define PAGE_LARGE           0x080
#define PAGE_NO_EXECUTE_HIGH 0x80000000 /* in the upper half of the entry */
#define PAGE_TABLE           (PAGE_PRESENT | PAGE_WRITABLE)

	/* ELF note that names the 32-bit entry: XEN_ELFNOTE_PHYS32_ENTRY. */
	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 4, 18
	.asciz "Xen"
	.long PHYS(axhal_pvh_entry)

	.section .text.boot, "ax"
	.code32
	.global axhal_pvh_entry
	.hidden axhal_pvh_entry
	.type axhal_pvh_entry, @function
axhal_pvh_entry:
	cld
	movl %ebx, %ebp

	/* The first GiB by 2 MiB pages, executable as far as the image's code goes. The tables are zeroed .bss. */
	movl $PHYS(axhal_boot_pd), %edi
	movl $(PAGE_PRESENT | PAGE_WRITABLE | PAGE_LARGE), %eax
1:	movl %eax, (%edi)
	cmpl $PHYS(ax_text_end), %eax
	jb 2f
	movl $PAGE_NO_EXECUTE_HIGH, 4(%edi)
2:	addl $8, %edi
	addl $0x200000, %eax
	cmpl $0x40000000, %eax
	jb 1b

	movl $(PHYS(axhal_boot_pd) + PAGE_TABLE), PHYS(axhal_boot_pdpt)
	movl $(PHYS(axhal_boot_pd) + PAGE_TABLE), PHYS(axhal_boot_pdpt_image) + 510 * 8
	movl $(PHYS(axhal_boot_pdpt) + PAGE_TABLE), PHYS(axhal_boot_pml4)
	movl $(PHYS(axhal_boot_pdpt) + PAGE_TABLE), \
		PHYS(axhal_boot_pml4) + 8 * PML4_INDEX(AX_CONFIG_DIRECT_MAP_VADDR)
	movl $(PHYS(axhal_boot_pdpt_image) + PAGE_TABLE), PHYS(axhal_boot_pml4) + 8 * 511

	ENTER_LONG_MODE axhal_boot_pml4, long_mode

	.code64
long_mode:
	movq $high_half, %rax
	jmpq *%rax
high_half:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	movl $SELECTOR_DATA, %eax       /* not null: of that iretq makes another kind of stack, and QEMU translates all code anew */
	movl %eax, %ss
	movq $ax_boot_stack_top, %rsp

	/* The stack protector's canary, before any C: the cycle counter and, if there is one, the random number generator. */
	movl $1, %eax
	cpuid
	rdtsc
	btl $30, %ecx
	jnc 3f
	rdrand %rcx
	xorq %rcx, %rax
3:	shlq $8, %rax                   /* a zero byte stops string overflows */
	movq %rax, __stack_chk_guard(%rip)

	movl %ebp, %edi
	xorl %ebp, %ebp
	callq axhal_pvh_main
	ud2
	.size axhal_pvh_entry, . - axhal_pvh_entry

	.section .note.GNU-stack, "", @progbits
