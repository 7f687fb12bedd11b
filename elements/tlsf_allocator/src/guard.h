/* SPDX-License-Identifier: Apache-2.0 */
/* How the integrity check sees a block in use: through its guard with `debug`, else as sound. */
#pragma once

#include <tlsf_allocator/tlsf_allocator.h>

#if TLSF_ALLOCATOR_FEATURE_DEBUG
#include <heap_guard/heap_guard.h>
#endif

static inline bool tlsf_guard_is_intact([[maybe_unused]] tlsf_block_t *block)
{
#if TLSF_ALLOCATOR_FEATURE_DEBUG
	return heap_guard_is_intact(tlsf_block_payload(block));
#else
	return true;
#endif
}
