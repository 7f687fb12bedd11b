/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rights of the direct map after boot. Old translations are dropped at once, on all processors.
 *
 * The other processors are told after the page-table lock is released, so that others' changes go on meanwhile. Two changes
 * of one page then may both be in the tables before either is announced; as each is announced after it was made, no call
 * returns before its change, or a later one, is in force everywhere. Until then a processor may go by the old rights.
 */
#include <axconfig/axconfig.h>
#include <axhal/paging.h>
#include "paging.h"

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
		axhal_drop_translations(paddr, bytes);
	return error;
}
