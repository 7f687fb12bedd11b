/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rights of the direct map after boot. Old translations are dropped at once, on all processors: Intel SDM volume 3A,
 * sections 4.10.4 and 4.10.5.
 *
 * The other processors are asked after the page-table lock is released, so that others' changes go on meanwhile. Two changes
 * of one page then may both be in the tables before either is announced; as each is announced after it was made, no call
 * returns before its change, or a later one, is in force everywhere. Until then a processor may go by the old rights.
 */
#include <axconfig/axconfig.h>
#include <axhal/paging.h>
#include <base/base.h>
#include "paging.h"
#include "registers.h"

/* From here on one reload of CR3, which drops all translations, is cheaper than invalidating page by page. */
#define RELOAD_PAGES 64u

static void flush(vaddr_t vaddr, size_t bytes)
{
	for (size_t done = 0; done < bytes; done += PAGE_SIZE)
		page_invalidate(vaddr + done);
}

/* The first GiB is seen at the kernel's offset too, through the same tables. */
static void flush_views(paddr_t paddr, size_t bytes)
{
	if (bytes >= RELOAD_PAGES * PAGE_SIZE) {
		cr3_write(cr3_read());
		return;
	}
	flush(AX_CONFIG_DIRECT_MAP_VADDR + paddr, bytes);
	if (paddr < KERNEL_VIEW_BYTES)
		flush(KERNEL_OFFSET + paddr, AX_MIN(bytes, KERNEL_VIEW_BYTES - paddr));
}

typedef struct range {
	paddr_t paddr;
	size_t bytes;
} range_t;

static void flush_range(void *argument)
{
	const range_t *range = argument;
	flush_views(range->paddr, range->bytes);
}

static ax_err_t change_tables(vaddr_t vaddr, size_t bytes, page_flags_t flags)
{
	page_table_t table = axhal_page_table();
	axhal_lock_page_table();
	ax_err_t error = page_table_protect(&table, vaddr, bytes, flags);
	spin_unlock(&axhal_page_table_lock);
	return error;
}

ax_err_t axhal_protect(vaddr_t vaddr, size_t bytes, axhal_access_t access)
{
	static const page_flags_t flags[] = {
		[AXHAL_ACCESS_NONE] = PAGE_NONE,
		[AXHAL_ACCESS_READ] = PAGE_READ,
		[AXHAL_ACCESS_READ_WRITE] = PAGE_READ | PAGE_WRITE,
		[AXHAL_ACCESS_READ_EXECUTE] = PAGE_READ | PAGE_EXECUTE,
	};
	paddr_t paddr = vaddr - AX_CONFIG_DIRECT_MAP_VADDR;
	paddr_t end = axhal_direct_map_end();
	if (paddr >= end || bytes > end - paddr)
		return AX_ERR_INVALID_INPUT;
	ax_err_t error = change_tables(vaddr, bytes, flags[access]);
	if (error == AX_OK)
		on_every_cpu(flush_range, &(range_t){ paddr, bytes });
	return error;
}
