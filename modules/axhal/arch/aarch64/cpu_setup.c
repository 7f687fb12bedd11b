/* SPDX-License-Identifier: Apache-2.0 */
/* Translation, the generic timer and other parts of the processor: see src/cpu_setup.h, src/kernel_tables.h. */
#include <axconfig/axconfig.h>
#include <axhal/boot.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <axhal/tls.h>
#include "cpu_setup.h"
#include "kernel_tables.h"
#include "registers.h"

/* Arm ARM, D12.2: the virtual timer. */
#define TIMER_ENABLE 1u

/* ID_AA64ISAR0_EL1.RNDR: FEAT_RNG. */
#define ISAR0_RNDR_SHIFT 60
#define ENTROPY_TRIES    64

/* ID_AA64MMFR2_EL1.BBM: FEAT_BBM. */
#define MMFR2_BBM_SHIFT 52
#define BBM_LEVEL_2     2u

/* From here on one operation drops all translations, which is cheaper than page by page. */
#define FLUSH_ALL_PAGES 64u

uint64_t axhal_boot_counter;

/* A read of the counter is ordered by the barrier only: Arm ARM, D12.1.2. */
uint64_t axhal_counter(void)
{
	isb();
	return register_read("cntvct_el0");
}

uint64_t axhal_counter_hz(void)
{
	return register_read("cntfrq_el0");
}

void axhal_timer_arm(uint64_t count)
{
	if (count != UINT64_MAX)
		register_write("cntv_cval_el0", count);
	register_write("cntv_ctl_el0", count == UINT64_MAX ? 0 : TIMER_ENABLE);
	isb();
}

void axhal_set_percpu_base(uintptr_t base)
{
	__asm__ volatile("msr tpidr_el1, %0\n\tmov x18, %0" : : "r"(base) : "memory");
}

/* The upper half's root changes under the code that changes it, which both show alike. */
void axhal_use_page_table(paddr_t root)
{
	dsb_ish();
	register_write("ttbr1_el1", root);
	register_write("tcr_el1", register_read("tcr_el1") | TCR_NO_WALK_0);
	isb();
	__asm__ volatile("tlbi vmalle1" : : : "memory");
	dsb_ish();
	register_write("sctlr_el1", register_read("sctlr_el1") | SCTLR_WXN);
	isb();
}

/* Arm ARM, D8.14: without FEAT_BBM, level 2, the page would have to vanish in between, and we may stand on it. */
unsigned axhal_largest_split(void)
{
	return (register_read("id_aa64mmfr2_el1") >> MMFR2_BBM_SHIFT & 0xf) >= BBM_LEVEL_2 ? PTE_LARGEST_LEAF_LEVEL : 0;
}

/* Arm ARM, D8.13: a walk sees the entry after the barrier; the processor holds no faulting translation. */
void axhal_see_new_mappings(void)
{
	dsb_ish();
	isb();
}

/* By broadcast, which all CPUs obey: Arm ARM, D8.14. */
void axhal_drop_translations(paddr_t paddr, size_t bytes)
{
	dsb_ish();
	if (bytes >= FLUSH_ALL_PAGES * PAGE_SIZE) {
		__asm__ volatile("tlbi vmalle1is" : : : "memory");
	} else {
		for (size_t done = 0; done < bytes; done += PAGE_SIZE) {
			uint64_t page = (AX_CONFIG_DIRECT_MAP_VADDR + paddr + done) >> PAGE_SHIFT & ((UINT64_C(1) << 44) - 1);
			__asm__ volatile("tlbi vaae1is, %0" : : "r"(page) : "memory");
		}
	}
	dsb_ish();
	isb();
}

/* MPIDR_EL1 as the device tree has it: the affinities. */
uint64_t axhal_boot_cpu_id(void)
{
	return register_read("mpidr_el1") & UINT64_C(0xff00ffffff);
}

#if AXHAL_FEATURE_SMP

/* A CPU that starts reads past the caches. */
static void clean(const void *start, size_t bytes)
{
	for (uintptr_t line = (uintptr_t)start; line < (uintptr_t)start + bytes; line += 16)
		__asm__ volatile("dc cvac, %0" : : "r"(line) : "memory");
}

void axhal_publish_start_info(void)
{
	clean(&axhal_cpu_start_info, sizeof axhal_cpu_start_info);
	__asm__ volatile("dsb sy" : : : "memory");
}

#endif

void axhal_tls_set(uintptr_t thread_pointer)
{
	register_write("tpidr_el0", thread_pointer);
}

bool axhal_cpu_entropy(uint64_t *value)
{
	if (!(register_read("id_aa64isar0_el1") >> ISAR0_RNDR_SHIFT))
		return false;
	bool ok = false;
	for (int i = 0; !ok && i < ENTROPY_TRIES; i++)
		__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, ne" : "=r"(*value), "=r"(ok) : : "cc"); /* RNDR */
	return ok;
}

void axhal_cpu_halt(void)
{
	__asm__ volatile("msr daifset, #15");
	for (;;)
		__asm__ volatile("wfi");
}
