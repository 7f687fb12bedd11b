/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in tables: little-endian, aligned to nothing. */
#pragma once

#include <stdint.h>

#define TABLE_HEADER_BYTES 36u /* of every table: table 5.4 */

static inline uint32_t read16(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8;
}

static inline uint32_t read32(const uint8_t *bytes)
{
	return read16(bytes) | read16(bytes + 2) << 16;
}

static inline uint64_t read64(const uint8_t *bytes)
{
	return read32(bytes) | (uint64_t)read32(bytes + 4) << 32;
}
