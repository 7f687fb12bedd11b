/* SPDX-License-Identifier: Apache-2.0 */
/* Of <stdlib.h> what lwIP names: only for finding an interface by its number, which nobody does here. */
#pragma once

#include <stddef.h>

static inline int atoi(const char *text)
{
	int value = 0;
	while (*text >= '0' && *text <= '9')
		value = value * 10 + (*text++ - '0');
	return value;
}
