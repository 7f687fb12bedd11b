/* SPDX-License-Identifier: Apache-2.0 */
/* The end of each machine's axhal_entropy(). */
#pragma once

#include <axhal/features.h>
#include <stdbool.h>
#include <stdint.h>

#if AXHAL_FEATURE_ENTROPY_SOURCE
/** Mix the other source's number in: @p has_own says whether *value is one already. @return whether it is one now */
bool axhal_entropy_mix(bool has_own, uint64_t *value);
#else
static inline bool axhal_entropy_mix(bool has_own, [[maybe_unused]] uint64_t *value)
{
	return has_own;
}
#endif
