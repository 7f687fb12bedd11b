/* SPDX-License-Identifier: Apache-2.0 */
/* A host of the test's own: the C library's heap, a clock that the test sets, memory that runs out when told. */
#pragma once

#include <axfs_vfs/host.h>
#include <stdlib.h>

static int64_t s_now_ns;
static size_t s_allocations_left = SIZE_MAX;

static void *host_allocate(size_t bytes)
{
	return s_allocations_left && s_allocations_left-- ? malloc(bytes) : NULL;
}

static void *host_allocate_page(void)
{
	return s_allocations_left && s_allocations_left-- ? aligned_alloc(4096, 4096) : NULL;
}

static int64_t host_now_ns(void)
{
	return s_now_ns;
}

static const vfs_host_t s_host = {
	.allocate = host_allocate,
	.free = free,
	.allocate_page = host_allocate_page,
	.free_page = free,
	.now_ns = host_now_ns,
};
