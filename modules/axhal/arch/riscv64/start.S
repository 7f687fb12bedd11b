/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry of a riscv64 machine by the boot protocol of Linux (Documentation/riscv/boot.rst, boot-image-header.rst), which
 * OpenSBI follows: supervisor mode, translation off, a0 = number of the hart, a1 = physical address of the device tree; the
 * first 64 bytes are the image's header. Turns translation on with tables that show the image's GiB and the device tree's at
 * their physical address and in the direct map, where the image is linked, then calls axhal_device_tree_main(device_tree) on
 * the boot stack. The pages get their final rights there.
 *
 * It may be come to twice: OpenSBI 1.1 marks a hart that it is asked to start as "to start" and only then writes down
 * where, so a hart that looks between the two goes where the first one went. One start in a few hundred of QEMU's does.
 */
#include <axconfig/axconfig.h>
#include <axhal/features.h>
#include <page_table_entry/features.h>
#include "registers.h"
#include "satp.h"
#include "sbi.h"

#define TABLE 0x01 /* an entry that refers to a table */
#define LEAF  0xef /* of memory: valid, read, write, execute, global, accessed, dirty */

#define VLENB_MOST 64 /* 512 bits */

#define UPPER_HALF (256 * 8) /* of a root: where the direct map begins */

	.section .text.entry, "ax"
	.global axhal_entry
	.hidden axhal_entry
	.type axhal_entry, @function
axhal_entry:
	.option push
	.option norvc
	j start
	nop
	.option pop
	.quad 0x200000                  /* loaded 2 MiB into memory */
	.quad ax_image_memory_bytes
	.quad 0                         /* little-endian */
	.long 2, 0                      /* version 0.2 of the header */
	.quad 0
	.ascii "RISCV\0\0\0"
	.ascii "RSC\x05"
	.long 0

start:
	lla t0, s_is_entered
	li t1, 1
	amoswap.w t1, t1, (t0)
	bnez t1, entered_again
	csrw sie, zero
	csrci sstatus, SSTATUS_SIE
	rdtime s1
	mv s2, a1
	mv s3, a0

	/* One instruction of each extension that the compiler was told of: the platform's -march. */
	lla t0, lacks_extension
	csrw stvec, t0
#ifdef __riscv_zba
	sh1add t0, t0, t0
#endif
#ifdef __riscv_zbb
	clz t0, t0
#endif
#ifdef __riscv_zbs
	bseti t0, t0, 0
#endif

	lla s4, axhal_boot_tables       /* the root; with Sv48 the table of GiBs after it. Not zeroed with .bss */
	mv t0, s4
	li t1, 8192
	add t1, t1, s4
1:	sd zero, (t0)
	addi t0, t0, 8
	bltu t0, t1, 1b
	lla a0, axhal_entry
	call show_gib
	mv a0, s2
	call show_gib
	mv a0, s4
	lla a1, 2f
	j axhal_turn_on_translation
2:
	/* The symbol table lies behind the data in the file and behind .bss in memory: up, from its end on. */
	lla a0, ax_ksyms_load
	lla a1, ax_ksyms
	lwu a2, 4(a0)                   /* its bytes: symbol_table.h; 0 in an image without */
	addi a2, a2, 15
	andi a2, a2, ~7
3:	addi a2, a2, -8
	add t0, a0, a2
	add t1, a1, a2
	ld t2, (t0)
	sd t2, (t1)
	bnez a2, 3b

	lla t0, ax_bss_start
	lla t1, ax_bss_end
4:	sd zero, (t0)
	addi t0, t0, 8
	bltu t0, t1, 4b

	lla sp, ax_boot_stack_top
	li gp, 0                        /* per-CPU variables are the template's until there are areas */
	li tp, 0
	li s0, 0
	lla t0, axhal_boot_counter
	sd s1, (t0)
	lla t0, axhal_boot_hart
	sd s3, (t0)
	/* The stack protector's canary, before any C: the counter; axhal_device_tree_main() knows better sources. */
	slli s1, s1, 8                  /* a zero byte stops string overflows */
	lla t0, __stack_chk_guard
	sd s1, (t0)
	mv a0, s2
	call axhal_device_tree_main
	ebreak

entered_again:
#if AXHAL_FEATURE_SMP
	tail axhal_cpu_entry
#else
	wfi
	j entered_again
#endif

	/* An illegal instruction. Nothing but the firmware's console can be used yet; the newer call, or the legacy one. */
	.balign 4
lacks_extension:
	lla s1, lacks_text
	lla s2, lacks_text_end
	li a0, SBI_DBCN
	li a1, 0
	sub a2, s2, s1
	mv a3, s1
	li a4, 0
	call axhal_sbi_call
	beqz a0, 6f
5:	li a0, SBI_LEGACY_PUT_CHARACTER
	lbu a2, (s1)
	call axhal_sbi_call
	addi s1, s1, 1
	bltu s1, s2, 5b
6:	li a0, SBI_SRST
	li a1, 0
	li a2, 0                        /* shutdown */
	li a3, 1                        /* system failure */
	call axhal_sbi_call
	li a0, SBI_LEGACY_SHUTDOWN
	call axhal_sbi_call
7:	wfi
	j 7b
	.section .rodata
lacks_text:
	.ascii "PANIC: the processor lacks Zba, Zbb or Zbs, which the image is compiled for: -march in its platform file\n"
lacks_text_end:
	.previous

	/* The GiB of a0, below 128 GiB, in both halves; with Sv48 the halves share a table. */
show_gib:
	srli t0, a0, 30
	slli t1, t0, 28                 /* its page number, at bit 10 */
	addi t1, t1, LEAF
	slli t0, t0, 3
	add t0, t0, s4
#if PAGE_TABLE_ENTRY_FEATURE_SV48
	li t2, 4096
	add t0, t0, t2
	sd t1, (t0)
	add t2, t2, s4
	srli t2, t2, 2
	ori t2, t2, TABLE
	sd t2, (s4)
	li t0, UPPER_HALF
	add t0, t0, s4
	sd t2, (t0)
#else
	sd t1, (t0)
	li t2, UPPER_HALF
	add t0, t0, t2
	sd t1, (t0)
#endif
	ret

	/* a0: the root; goes on at a1, a physical address, in the upper half. */
	.global axhal_turn_on_translation
	.hidden axhal_turn_on_translation
axhal_turn_on_translation:
	srli a0, a0, 12
	li t0, SATP_MODE
	slli t0, t0, SATP_MODE_SHIFT
	or a0, a0, t0
	li t0, AX_CONFIG_DIRECT_MAP_VADDR
	add a1, a1, t0
	lla t1, axhal_trap_entry
	add t1, t1, t0
	csrw stvec, t1
#if AXHAL_FEATURE_FP
	li t0, SSTATUS_FS_DIRTY
	csrs sstatus, t0
#endif
#if AXHAL_FEATURE_VECTOR
	/* Stays off where there is none, and where a frame of such registers would not fit threads' stacks. */
	.option push
	.option arch, +v
	li t0, SSTATUS_VS_INITIAL
	csrs sstatus, t0
	csrr t1, sstatus
	and t1, t1, t0
	beqz t1, 1f
	csrr t1, vlenb
	li t2, VLENB_MOST
	bleu t1, t2, 1f
	csrc sstatus, t0
1:
	.option pop
#endif
	sfence.vma
	csrw satp, a0
	sfence.vma
	jr a1
	.size axhal_entry, . - axhal_entry

	.section .data.s_is_entered, "aw"
	.balign 4
s_is_entered:                           /* not in .bss, which the entry zeroes */
	.long 0

	.section .note.GNU-stack, "", @progbits
