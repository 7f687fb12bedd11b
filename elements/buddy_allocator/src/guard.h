/* SPDX-License-Identifier: Apache-2.0 */
/* How the integrity check sees a block in use: through its guard with `debug`, else as sound. */
#pragma once

#include <buddy_allocator/buddy_allocator.h>

#if BUDDY_ALLOCATOR_FEATURE_DEBUG
#include <heap_guard/heap_guard.h>
#endif

static inline bool buddy_guard_is_intact([[maybe_unused]] const void *block)
{
#if BUDDY_ALLOCATOR_FEATURE_DEBUG
	return heap_guard_is_intact(block);
#else
	return true;
#endif
}
