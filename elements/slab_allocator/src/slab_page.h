/* SPDX-License-Identifier: Apache-2.0 */
/* How the integrity check knows a slab's page, and sees objects in use: guarded with `debug`, else as sound. */
#pragma once

#include <slab_allocator/slab_allocator.h>

#if SLAB_ALLOCATOR_FEATURE_DEBUG
#include <heap_guard/heap_guard.h>
#endif

static inline uint64_t slab_page_magic(const slab_page_t *page)
{
	return UINT64_C(0x51ab51ab0b7ec75e) ^ (uintptr_t)page;
}

static inline bool slab_guard_is_intact([[maybe_unused]] const void *block)
{
#if SLAB_ALLOCATOR_FEATURE_DEBUG
	return heap_guard_is_intact(block);
#else
	return true;
#endif
}
