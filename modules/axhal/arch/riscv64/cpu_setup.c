/* SPDX-License-Identifier: Apache-2.0 */
/* Translation, counter, timer and other parts of the processor: see src/cpu_setup.h, src/kernel_tables.h. */
#include <axconfig/axconfig.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <axhal/mem.h>
#include <axhal/smp.h>
#include <axhal/tls.h>
#include "../../platform/device_tree/page_tables.h"
#include "cpu_setup.h"
#include "every_cpu.h"
#include "kernel_tables.h"
#include "registers.h"
#include "satp.h"
#include "sbi.h"
#include "stop.h"

/* From here on one instruction drops all translations, which is cheaper than page by page. */
#define FLUSH_ALL_PAGES 64u

extern uint64_t axhal_boot_hart;
uint64_t axhal_boot_counter, axhal_boot_hart;

/* The counter is read as a device is: the fence orders it behind earlier loads. */
uint64_t axhal_counter(void)
{
	uint64_t count;
	__asm__ volatile("fence r, i\n\trdtime %0" : "=r"(count) : : "memory");
	return count;
}

/* The device tree says. */
uint64_t axhal_counter_hz(void)
{
	return 0;
}

void axhal_timer_arm(uint64_t count)
{
	if (count == UINT64_MAX) {
		csr_clear("sie", INTERRUPT_TIMER);
		return;
	}
	axhal_sbi_set_timer(count);
	csr_set("sie", INTERRUPT_TIMER);
}

void axhal_set_percpu_base(uintptr_t base)
{
	__asm__ volatile("mv gp, %0" : : "r"(base) : "memory");
}

/* The code that changes it is shown alike by both. */
void axhal_use_page_table(paddr_t root)
{
	csr_write("satp", (uint64_t)SATP_MODE << SATP_MODE_SHIFT | root >> PAGE_SHIFT);
	__asm__ volatile("sfence.vma" : : : "memory");
}

/* Privileged architecture, 4.2.1: either translation may be used until the fence. */
unsigned axhal_largest_split(void)
{
	return PTE_LARGEST_LEAF_LEVEL;
}

uint64_t axhal_boot_cpu_id(void)
{
	return axhal_boot_hart;
}

#if AXHAL_FEATURE_SMP

/* Harts are coherent, whatever they have turned on. */
void axhal_publish_start_info(void)
{
	__asm__ volatile("fence" : : : "memory");
}

#endif

/* A hart may hold "not mapped" too: Privileged Architecture, SFENCE.VMA. */
static void flush_all([[maybe_unused]] void *unused)
{
	__asm__ volatile("sfence.vma" : : : "memory");
}

void axhal_see_new_mappings(void)
{
	on_every_cpu(flush_all, NULL);
}

typedef struct range {
	vaddr_t vaddr;
	size_t bytes;
} range_t;

static void flush_range(void *argument)
{
	const range_t *range = argument;
	if (range->bytes >= FLUSH_ALL_PAGES * PAGE_SIZE) {
		flush_all(NULL);
		return;
	}
	for (size_t done = 0; done < range->bytes; done += PAGE_SIZE)
		__asm__ volatile("sfence.vma %0" : : "r"(range->vaddr + done) : "memory");
}

/*
 * Each hart is asked. The firmware would do it (RFENCE), but OpenSBI 1.1 does not come back when several harts ask for
 * adjacent pages at the same time.
 */
void axhal_drop_translations(paddr_t paddr, size_t bytes)
{
	on_every_cpu(flush_range, &(range_t){ AX_CONFIG_DIRECT_MAP_VADDR + paddr, bytes });
}

void axhal_tls_set(uintptr_t thread_pointer)
{
	__asm__ volatile("mv tp, %0" : : "r"(thread_pointer) : "memory");
}

/* The seed register is for machine mode to give, which firmware does not do. */
bool axhal_cpu_entropy([[maybe_unused]] uint64_t *value)
{
	return false;
}

void axhal_cpu_halt(void)
{
	__asm__ volatile("csrw sie, zero");
	for (;;)
		__asm__ volatile("wfi");
}

#if AXHAL_FEATURE_SMP

/*
 * No interrupt reaches a hart that masks them, but the firmware's fence does. So the root that all others use shows nothing
 * any more: whatever they do next faults, and so does the entry of traps, for ever. This CPU goes on on a copy.
 */
void axhal_cpus_stop(uint64_t cpus)
{
	static _Alignas(PAGE_SIZE) pte_t s_root[PTE_ENTRIES];
	if (!cpus)
		return;
	volatile pte_t *root = axhal_phys_to_virt(axhal_root_table());
	for (size_t i = 0; i < PTE_ENTRIES; i++)
		s_root[i] = root[i];
	axhal_move_root(axhal_image_paddr_of(s_root));
	for (size_t i = 0; i < PTE_ENTRIES; i++)
		root[i] = 0;
	for (; cpus; cpus &= cpus - 1)
		axhal_sbi_drop_translations(axhal_hardware_id((unsigned)__builtin_ctzll(cpus)));
}

#endif
