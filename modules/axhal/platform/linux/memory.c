/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RAM of a process: one mapping at a fixed place, so that the direct map is a constant. Physical address 0 is its
 * first page, which is left out: it guards the boot stack, which lies above it; the rest is free memory. Pages cost nothing
 * until touched.
 */
#include <axhal/mem.h>
#include <panic/panic.h>
#include "linux.h"

#define UNMAPPED_BELOW_BYTES ((size_t)1 << 20) /* at least; a large frame oversteps a page */
#define FREE_START_PADDR (AXHAL_LINUX_RAM_START_PADDR + AX_CONFIG_BOOT_STACK_BYTES)

_Static_assert(AX_CONFIG_BOOT_STACK_BYTES % 4096 == 0, "whole pages");

static axhal_mem_region_t s_free;

void *axhal_linux_memory_init(size_t ram_bytes)
{
	ram_bytes = align_down(ram_bytes, PAGE_SIZE);
	if (ram_bytes <= FREE_START_PADDR)
		axhal_linux_die("AX_MEM is not a size of memory, or too small: it should read as in AX_MEM=64M\n");
	uintptr_t start = (uintptr_t)axhal_phys_to_virt(AXHAL_LINUX_RAM_START_PADDR);
	long got = axhal_linux_mmap(start, ram_bytes - AXHAL_LINUX_RAM_START_PADDR, LINUX_PROT_READ | LINUX_PROT_WRITE,
				    LINUX_MAP_PRIVATE | LINUX_MAP_ANONYMOUS | LINUX_MAP_NORESERVE |
					    LINUX_MAP_FIXED_NOREPLACE);
	if (got != (long)start)
		axhal_linux_die("the host does not grant that much memory at the image's address: give less, as in AX_MEM=64M\n");
	s_free = (axhal_mem_region_t){ FREE_START_PADDR, ram_bytes - FREE_START_PADDR };
	return axhal_phys_to_virt(FREE_START_PADDR);
}

bool axhal_linux_is_boot_stack_guard(vaddr_t vaddr)
{
	uintptr_t stack = (uintptr_t)axhal_phys_to_virt(AXHAL_LINUX_RAM_START_PADDR);
	return vaddr < stack && stack - vaddr <= UNMAPPED_BELOW_BYTES;
}

const axhal_mem_region_t *axhal_free_regions(size_t *count)
{
	*count = 1;
	return &s_free;
}

size_t axhal_ram_bytes(void)
{
	return s_free.start_paddr + s_free.size_bytes;
}
