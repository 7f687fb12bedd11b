/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel that does nothing: entered by PVH in 32-bit mode without paging (Xen's docs/misc/pvh.pandoc), it writes
 * "Hello, world!" and the time-stamp counter of its first instruction to the first serial port, then ends the machine:
 * by ACPI where QEMU's q35 has it, else by a triple fault. What its start takes is the floor for every kernel on that
 * machine; the counter's value is what the firmware took.
 */
	.code32
	.section .text.start, "ax"
	.globl start
start:
	rdtsc
	movl	%edx, %edi
	movl	%eax, %ebp
	movl	$hello, %esi
1:	lodsb
	testb	%al, %al
	jz	2f
	movw	$0x3f8, %dx
	outb	%al, %dx
	jmp	1b
2:	movl	$stack_end, %esp
	movl	%edi, %ebx
	call	print_hex
	movl	%ebp, %ebx
	call	print_hex
	movb	$'\n', %al
	movw	$0x3f8, %dx
	outb	%al, %dx
	movw	$0x2000, %ax
	movw	$0x604, %dx
	outw	%ax, %dx
	lidt	no_interrupts
	int3

/* Eight hexadecimal digits of %ebx. */
print_hex:
	movl	$8, %ecx
	movw	$0x3f8, %dx
1:	roll	$4, %ebx
	movl	%ebx, %eax
	andl	$15, %eax
	movb	digits(%eax), %al
	outb	%al, %dx
	loop	1b
	ret

	.section .rodata, "a"
hello:	.asciz	"Hello, world!\nbench-entry 0x"
digits:	.ascii	"0123456789abcdef"
no_interrupts:
	.word	0
	.long	0

	.bss
	.skip	64
stack_end:

/* The entry: note type 18, XEN_ELFNOTE_PHYS32_ENTRY (Xen's public/elfnote.h). */
	.section .note.Xen, "a", @note
	.long	4, 4, 18
	.asciz	"Xen"
	.long	start
	.section .note.GNU-stack, "", @progbits
