/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Old translations of the direct map are dropped on all processors, each of which is asked: Intel SDM volume 3A, sections
 * 4.10.4 and 4.10.5. Feature `paging`.
 */
#include <axconfig/axconfig.h>
#include <base/base.h>
#include "every_cpu.h"
#include "page_tables.h"
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

void axhal_drop_translations(paddr_t paddr, size_t bytes)
{
	on_every_cpu(flush_range, &(range_t){ paddr, bytes });
}
