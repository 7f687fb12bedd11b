/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host of the test's own: the C library's heap, memory that runs out when told; a mounted ramfs; short ways to its
 * files.
 */
#pragma once

#include <axtest.h>
#include <ramfs/ramfs.h>

static size_t s_allocations_left = SIZE_MAX;

static void *host_allocate(size_t bytes)
{
	return s_allocations_left && s_allocations_left-- ? malloc(bytes) : NULL;
}

static void *host_allocate_page(void)
{
	void *page = s_allocations_left && s_allocations_left-- ? aligned_alloc(VFS_PAGE_BYTES, VFS_PAGE_BYTES) : NULL;
	if (page)
		memset(page, 0xa5, VFS_PAGE_BYTES); /* not zero: who wants zeroes must write them */
	return page;
}

static int64_t host_now_ns(void)
{
	return 1000;
}

static const vfs_host_t s_host = {
	.allocate = host_allocate,
	.free = free,
	.allocate_page = host_allocate_page,
	.free_page = free,
	.now_ns = host_now_ns,
};

static inline vfs_t *mounted(uint64_t max_pages)
{
	vfs_t *fs;
	CHECK(ramfs_mount(&s_host, max_pages, &fs) == AX_OK);
	return fs;
}

static inline vfs_node_t *made(vfs_node_t *directory, const char *name, uint32_t mode)
{
	const vfs_new_t what = { .mode = mode };
	vfs_node_t *node;
	CHECK(ramfs_create(directory, name, strlen(name), &what, &node) == AX_OK);
	return node;
}

static inline vfs_node_t *found(vfs_node_t *directory, const char *name)
{
	vfs_node_t *node;
	return ramfs_lookup(directory, name, strlen(name), &node) == AX_OK ? node : NULL;
}
