/* SPDX-License-Identifier: Apache-2.0 */
/* Frames for axhal's page tables, once its early ones are used up. */
#include <axalloc/frames.h>

#include <axalloc/axalloc.h>
#include <axhal/mem.h>
#include <axhal/paging.h>

static paddr_t take_frame(void)
{
	vaddr_t page = axalloc_pages(1, PAGE_SIZE);
	return page ? axhal_virt_to_phys((void *)page) : 0;
}

void axalloc_provide_frames(void)
{
	axhal_set_frame_source(take_frame);
}
