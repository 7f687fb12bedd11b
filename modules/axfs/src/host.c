/* SPDX-License-Identifier: Apache-2.0 */
/* What file systems get of this OS. */
#include <axfs/axfs.h>

#include <axalloc/axalloc.h>
#include <axhal/time.h>

static void *allocate(size_t bytes)
{
	return axalloc_alloc(bytes, 0);
}

static void *allocate_page(void)
{
	return (void *)axalloc_pages(1, VFS_PAGE_BYTES);
}

static void free_page(void *page)
{
	axalloc_free_pages((vaddr_t)page, 1);
}

static int64_t now_ns(void)
{
	return (int64_t)axhal_wall_ns();
}

enum { CACHE_SHARE = 8 }; /* of memory */

static size_t cache_bytes(void)
{
	return axalloc_stats().total_pages / CACHE_SHARE * VFS_PAGE_BYTES;
}

const vfs_host_t axfs_host = {
	.allocate = allocate,
	.free = axalloc_free,
	.allocate_page = allocate_page,
	.free_page = free_page,
	.now_ns = now_ns,
	.cache_bytes = cache_bytes,
};
