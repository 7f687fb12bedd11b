/* SPDX-License-Identifier: Apache-2.0 */
/* System registers and instructions that the kernel uses (Arm ARM DDI 0487, chapter D19). */
#pragma once

/* The translation regime: Arm ARM, TCR_EL1. 48-bit addresses in both halves, 4 KiB granules, cached inner-shareable walks. */
#define TCR_T0SZ      (16 << 0)
#define TCR_CACHED_0  (1 << 8 | 1 << 10 | 3 << 12)
#define TCR_NO_WALK_0 (1 << 7) /* EPD0: the lower half shows nothing */
#define TCR_T1SZ      (16 << 16)
#define TCR_CACHED_1  (1 << 24 | 1 << 26 | 3 << 28)
#define TCR_GRANULE_1 (2 << 30)
#define TCR_IPS_SHIFT 32
#define TCR_IPS_MOST  5 /* 48 bits */

/* SCTLR_EL1: what must be 1 where a feature is missing (EOS, TSCXT, EIS, SPAN, nTLSMD, LSMAOE), and what we turn on. */
#define SCTLR_RES1 0x30d00800
#define SCTLR_M    (1 << 0)  /* translation */
#define SCTLR_C    (1 << 2)  /* data caches */
#define SCTLR_SA   (1 << 3)  /* the stack pointer is 16-byte aligned */
#define SCTLR_I    (1 << 12) /* instruction caches */
#define SCTLR_WXN  (1 << 19) /* what is writable is not executable */

#ifndef __ASSEMBLER__

#include <stdint.h>

#define register_read(name)                                                                        \
	({                                                                                         \
		uint64_t register_value_;                                                          \
		__asm__ volatile("mrs %0, " name : "=r"(register_value_) : : "memory");            \
		register_value_;                                                                   \
	})

#define register_write(name, value) __asm__ volatile("msr " name ", %0" : : "r"((uint64_t)(value)) : "memory")

static inline void isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

static inline void unmask_fast_interrupts(void)
{
	__asm__ volatile("msr daifclr, #1" : : : "memory");
}

/* Writes before it are seen by all CPUs' walks and accesses after it. */
static inline void dsb_ish(void)
{
	__asm__ volatile("dsb ish" : : : "memory");
}

#endif
