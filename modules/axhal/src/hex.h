/* SPDX-License-Identifier: Apache-2.0 */
/* A number in hexadecimal, for register dumps that must not depend on anything. */
#pragma once

#include <stdint.h>

#define HEX_DIGITS 16

/** Write exactly HEX_DIGITS characters, no terminator. */
static inline void hex_format(char *text, uint64_t value)
{
	for (int i = HEX_DIGITS - 1; i >= 0; i--, value >>= 4)
		text[i] = "0123456789abcdef"[value & 15];
}
