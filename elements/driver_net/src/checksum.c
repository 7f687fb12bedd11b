/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Internet checksum (RFC 1071): the sum is the same whatever the width of the words that are added, as long as
 * carries are kept. So 32-bit words go into a 64-bit sum, which cannot overflow before 4 GiB of them.
 */
#include <driver_net/driver_net.h>

static inline uint32_t word(const unsigned char *at)
{
	uint32_t value;
	__builtin_memcpy(&value, at, sizeof value);
	return value;
}

uint64_t net_checksum_add(uint64_t sum, const void *data, size_t bytes)
{
	const unsigned char *at = data;
	uint64_t other = 0; /* a second chain of additions, which need not wait for the first */
	for (; bytes >= 16; bytes -= 16, at += 16) {
		sum += (uint64_t)word(at) + word(at + 4);
		other += (uint64_t)word(at + 8) + word(at + 12);
	}
	sum += other;
	for (; bytes >= 4; bytes -= 4, at += 4)
		sum += word(at);
	uint32_t rest = 0;
	if (bytes)
		__builtin_memcpy(&rest, at, bytes);
	return sum + rest;
}
