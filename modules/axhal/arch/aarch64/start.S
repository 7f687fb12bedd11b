/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry of an aarch64 machine by the arm64 Image protocol (Linux, Documentation/arm64/booting.rst): EL1 or EL2,
 * translation off, x0 = physical address of the device tree; the first 64 bytes are the image's header. Goes to EL1, turns
 * translation on with tables that show the image's GiB and the device tree's at their physical address and in the direct map,
 * where the image is linked, then calls axhal_device_tree_main(device_tree) on the boot stack. The pages get their final rights
 * there. Until translation is on, nothing but aligned accesses of this file's is made.
 */
#include <axconfig/axconfig.h>
#include <axhal/features.h>
#include "registers.h"

#define MAIR            0x4404ff     /* PTE_ARM_MAIR of page_table_entry: start.S is its only other user */
#define TABLE           3            /* a descriptor that refers to a table */
#define BLOCK           0x701        /* of memory: valid, inner shareable, accessed */
#define ROOT_INDEX(vaddr) (((vaddr) >> 39) & 511)
#define CURRENT_EL2     8
#define SPSR_EL1H       0x3c5        /* EL1 on SP_EL1, everything masked */
#define HCR_RW          (1 << 31)    /* EL1 is 64-bit */
#define CPTR_NO_TRAPS   0x33ff

	.section .text.entry, "ax"
	.global axhal_entry
	.hidden axhal_entry
	.type axhal_entry, @function
axhal_entry:
	b start
	.long 0
	.quad (AX_CONFIG_IMAGE_PADDR & 0x1fffff) /* so far behind a multiple of 2 MiB is it loaded */
	.quad ax_image_memory_bytes
	.quad 2                         /* little-endian, 4 KiB pages, near the start of memory */
	.quad 0, 0, 0
	.ascii "ARM\x64"
	.long 0

start:
	msr daifset, #15
	mrs x21, cntvct_el0
	mov x20, x0
	bl axhal_to_el1

	adrp x22, axhal_boot_tables     /* the root, then the table of GiBs: not zeroed with .bss */
	add x23, x22, #4096
	mov x1, x22
	add x2, x22, #8192
1:	stp xzr, xzr, [x1], #16
	cmp x1, x2
	b.lo 1b
	orr x1, x23, #TABLE
	str x1, [x22]
	mov x2, #(8 * ROOT_INDEX(AX_CONFIG_DIRECT_MAP_VADDR))
	str x1, [x22, x2]
	adr x0, axhal_entry
	bl show_gib
	mov x0, x20
	bl show_gib
	/* Lines that a loader left in the cache are older than what was written past it. */
	mov x1, x22
	add x2, x22, #8192
2:	dc ivac, x1
	add x1, x1, #16
	cmp x1, x2
	b.lo 2b
	dsb sy

	mov x0, x22
	mov x1, x22
	ldr x2, =high_half
	b axhal_turn_on_translation

	/* The GiB of x0, below 512 GiB. */
show_gib:
	lsr x1, x0, #30
	and x1, x1, #511
	lsl x2, x1, #30
	mov x3, #BLOCK
	orr x2, x2, x3
	str x2, [x23, x1, lsl #3]
	ret

high_half:
	/* The symbol table lies behind the data in the file and behind .bss in memory: up, from its end on. */
	adrp x0, ax_ksyms_load
	add x0, x0, :lo12:ax_ksyms_load
	adrp x1, ax_ksyms
	add x1, x1, :lo12:ax_ksyms
	ldr w2, [x0, #4]                /* its bytes: symbol_table.h; 0 in an image without */
	add x2, x2, #15
	and x2, x2, #~7
3:	sub x2, x2, #8
	ldr x3, [x0, x2]
	str x3, [x1, x2]
	cbnz x2, 3b

	adrp x0, ax_bss_start
	add x0, x0, :lo12:ax_bss_start
	adrp x1, ax_bss_end
	add x1, x1, :lo12:ax_bss_end
4:	stp xzr, xzr, [x0], #16
	cmp x0, x1
	b.lo 4b

	adrp x0, ax_boot_stack_top
	add x0, x0, :lo12:ax_boot_stack_top
	mov sp, x0
	msr tpidr_el1, xzr
	mov x18, xzr                    /* per-CPU variables are the template's until there are areas */
	mov x29, xzr
	adrp x0, axhal_boot_counter
	str x21, [x0, :lo12:axhal_boot_counter]
	/* The stack protector's canary, before any C: the counter; axhal_device_tree_main() knows better sources. */
	lsl x1, x21, #8                 /* a zero byte stops string overflows */
	adrp x0, __stack_chk_guard
	str x1, [x0, :lo12:__stack_chk_guard]
	mov x0, x20
	bl axhal_device_tree_main
	brk #0

	/* x0, x1: roots of the lower and the upper half; goes on at x2. */
	.global axhal_turn_on_translation
	.hidden axhal_turn_on_translation
axhal_turn_on_translation:
	ldr x3, =MAIR
	msr mair_el1, x3
	ldr x3, =(TCR_T0SZ | TCR_CACHED_0 | TCR_T1SZ | TCR_CACHED_1 | TCR_GRANULE_1)
	mrs x4, id_aa64mmfr0_el1
	and x4, x4, #15                 /* PARange */
	mov x5, #TCR_IPS_MOST
	cmp x4, x5
	csel x4, x4, x5, lo
	orr x3, x3, x4, lsl #TCR_IPS_SHIFT
	msr tcr_el1, x3
	msr ttbr0_el1, x0
	msr ttbr1_el1, x1
	isb
	tlbi vmalle1
	dsb nsh
	isb
	ldr x3, =(SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I)
	msr sctlr_el1, x3
	isb
#if AXHAL_FEATURE_FP
	mov x3, #(3 << 20)              /* CPACR_EL1.FPEN: no traps */
	msr cpacr_el1, x3
	isb
#endif
	adrp x3, axhal_vectors
	add x3, x3, :lo12:axhal_vectors
	movz x4, #(AX_CONFIG_DIRECT_MAP_VADDR >> 48), lsl #48
	movk x4, #((AX_CONFIG_DIRECT_MAP_VADDR >> 32) & 0xffff), lsl #32
	orr x3, x3, x4
	msr vbar_el1, x3
	br x2

	/* From EL2, if we are there: EL1 has timers, floating point and the interrupt controller to itself. Arm ARM, D1.2. */
	.global axhal_to_el1
	.hidden axhal_to_el1
axhal_to_el1:
	mrs x0, currentel
	cmp x0, #CURRENT_EL2
	b.ne 6f
	mov x0, #HCR_RW
	msr hcr_el2, x0
	isb
	mrs x0, cnthctl_el2
	orr x0, x0, #3
	msr cnthctl_el2, x0
	msr cntvoff_el2, xzr
	mov x0, #CPTR_NO_TRAPS
	msr cptr_el2, x0
	msr hstr_el2, xzr
	msr vttbr_el2, xzr
	mrs x0, midr_el1
	msr vpidr_el2, x0
	mrs x0, mpidr_el1
	msr vmpidr_el2, x0
	mrs x0, id_aa64pfr0_el1
	ubfx x0, x0, #24, #4            /* GIC: system registers */
	cbz x0, 5f
	mrs x0, s3_4_c12_c9_5           /* ICC_SRE_EL2 */
	mov x1, #9                      /* SRE, Enable */
	orr x0, x0, x1
	msr s3_4_c12_c9_5, x0
	isb
	msr s3_4_c12_c11_0, xzr         /* ICH_HCR_EL2 */
5:	ldr x0, =SCTLR_RES1
	msr sctlr_el1, x0
	mov x0, #SPSR_EL1H
	msr spsr_el2, x0
	msr elr_el2, x30
	eret
6:	ret
	.ltorg
	.size axhal_entry, . - axhal_entry

	.section .note.GNU-stack, "", @progbits
