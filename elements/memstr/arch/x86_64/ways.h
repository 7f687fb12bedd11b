/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this processor moves many bytes best. The question is put at the first long copy or fill, whoever calls it: there is
 * none before that which could have been asked. To ask twice is harmless.
 */
#pragma once

#include <base/base.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	WAY_ASKED = 1,
	WAY_STRINGS = 2,  /* `rep movsb` and `rep stosb` move lines of the cache: "enhanced", Intel SDM volume 1, 7.3.9.3 */
	WAY_AVX = 4,      /* 32-byte registers, whose state the system keeps */
};

/* From where `rep` is worth its start. */
enum { STRINGS_MIN = 4096 };

extern unsigned char memstr_ways;

/** Asks CPUID. @return the same as memstr_ways from now on, never 0 */
unsigned char memstr_find_ways(void);

static AX_ALWAYS_INLINE bool way(unsigned char which)
{
	unsigned char ways = memstr_ways;
	if (!ways)
		ways = memstr_find_ways();
	return ways & which;
}
