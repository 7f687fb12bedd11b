/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of memory as users write them. */
#include "size.h"

size_t axhal_linux_parse_size(const char *text)
{
	size_t value = 0;
	unsigned shift = 20;
	if (*text < '0' || *text > '9')
		return 0;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (size_t)(*text - '0'), &value))
			return 0;
	if (*text) {
		switch (*text++) {
		case 'K': case 'k': shift = 10; break;
		case 'M': case 'm': shift = 20; break;
		case 'G': case 'g': shift = 30; break;
		default: return 0;
		}
	}
	return *text || value > SIZE_MAX >> shift ? 0 : value << shift;
}
