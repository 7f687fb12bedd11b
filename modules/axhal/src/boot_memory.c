/* SPDX-License-Identifier: Apache-2.0 */
/* RAM less holes, and what the boot takes of it. See boot_memory.h. */
#include <axhal/mem.h>
#include <panic/panic.h>
#include "boot_memory.h"
#include "machine.h"

#define REGIONS 16u
#define HOLES   16u

static axhal_mem_region_t s_free[REGIONS];
static size_t s_free_count;
static size_t s_ram_bytes;

static struct {
	paddr_t start, end;
} s_hole[HOLES];
static size_t s_hole_count;

void axhal_boot_reserve(paddr_t start, uint64_t bytes)
{
	if (!bytes)
		return;
	ASSERT(s_hole_count < HOLES);
	s_hole[s_hole_count].start = align_down(start, PAGE_SIZE);
	s_hole[s_hole_count++].end = align_up(start + bytes, PAGE_SIZE);
}

bool axhal_boot_is_reserved(paddr_t start, uint64_t bytes)
{
	for (size_t i = 0; i < s_hole_count; i++) {
		if (s_hole[i].start < start + bytes && start < s_hole[i].end)
			return true;
	}
	return false;
}

paddr_t axhal_boot_reserve_image(paddr_t start)
{
	uint64_t bytes = (uint64_t)(ax_ksyms - ax_image_start) + axhal_symbols_bytes();
	axhal_boot_reserve(start, bytes);
	return align_up(start + bytes, PAGE_SIZE);
}

/* Keeps the order by address; a map with more pieces than there is room for loses the last. */
static void insert_free(paddr_t start, paddr_t end)
{
	if (s_free_count == REGIONS)
		return;
	size_t i = s_free_count++;
	for (; i && s_free[i - 1].start_paddr > start; i--)
		s_free[i] = s_free[i - 1];
	s_free[i] = (axhal_mem_region_t){ start, end - start };
}

/* [start, end) touches none of the holes before @p hole. */
static void add_free(paddr_t start, paddr_t end, size_t hole)
{
	for (; hole < s_hole_count && start < end; hole++) {
		if (s_hole[hole].end <= start || s_hole[hole].start >= end)
			continue;
		if (s_hole[hole].start > start)
			add_free(start, s_hole[hole].start, hole + 1);
		start = s_hole[hole].end;
	}
	if (start < end)
		insert_free(start, end);
}

void axhal_boot_add_ram(paddr_t start, paddr_t end)
{
	s_ram_bytes += end - start;
	add_free(align_up(start, PAGE_SIZE), align_down(end, PAGE_SIZE), 0);
}

void *axhal_boot_alloc(size_t bytes, paddr_t end)
{
	bytes = align_up(bytes, PAGE_SIZE);
	/* The last region that will do: low memory is what devices may need. */
	for (size_t i = s_free_count; i-- > 0;) {
		axhal_mem_region_t *region = &s_free[i];
		if (region->size_bytes < bytes || region->start_paddr + bytes > end)
			continue;
		paddr_t paddr = region->start_paddr;
		region->start_paddr += bytes;
		region->size_bytes -= bytes;
		return __builtin_memset(axhal_phys_to_virt(paddr), 0, bytes);
	}
	PANIC("no memory to boot: %zu bytes wanted", bytes);
}

const axhal_mem_region_t *axhal_free_regions(size_t *count)
{
	*count = s_free_count;
	return s_free;
}

size_t axhal_ram_bytes(void)
{
	return s_ram_bytes;
}
