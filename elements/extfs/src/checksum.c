/* SPDX-License-Identifier: Apache-2.0 */
/* Both CRCs by tables of 16 entries, half a byte a step: small, and metadata is little. */
#include "checksum.h"

/* The remainders of 0 to 15 by the reflected polynomial 0x82f63b78. */
static const uint32_t s_crc32c[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

/* By 0xa001. */
static const uint16_t s_crc16[16] = {
	0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
	0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
};

uint32_t crc32c(uint32_t crc, const void *start, size_t bytes)
{
	const uint8_t *at = start;
	for (size_t i = 0; i < bytes; i++) {
		crc ^= at[i];
		crc = crc >> 4 ^ s_crc32c[crc & 15];
		crc = crc >> 4 ^ s_crc32c[crc & 15];
	}
	return crc;
}

uint16_t crc16(uint16_t crc, const void *start, size_t bytes)
{
	const uint8_t *at = start;
	for (size_t i = 0; i < bytes; i++) {
		crc ^= at[i];
		crc = (uint16_t)(crc >> 4 ^ s_crc16[crc & 15]);
		crc = (uint16_t)(crc >> 4 ^ s_crc16[crc & 15]);
	}
	return crc;
}

uint32_t crc32c_with_hole(uint32_t crc, const void *start, size_t bytes, size_t hole, size_t hole_bytes)
{
	static const uint8_t s_zeroes[4];
	crc = crc32c(crc, start, hole);
	crc = crc32c(crc, s_zeroes, hole_bytes);
	return crc32c(crc, (const uint8_t *)start + hole + hole_bytes, bytes - hole - hole_bytes);
}
