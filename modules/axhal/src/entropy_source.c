/* SPDX-License-Identifier: Apache-2.0 */
/* Exclusive or: the result is as good as the better of the two. */
#include <axhal/entropy_source.h>
#include <stddef.h>
#include "entropy_mix.h"

static axhal_entropy_source_t *s_source;

void axhal_entropy_add(axhal_entropy_source_t *source)
{
	s_source = source;
}

bool axhal_entropy_mix(bool has_own, uint64_t *value)
{
	uint64_t other;
	if (!s_source || !s_source(&other))
		return has_own;
	*value = has_own ? *value ^ other : other;
	return true;
}
