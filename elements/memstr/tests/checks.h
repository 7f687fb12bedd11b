/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of a mem* implementation against byte-by-byte truth, at every size and misalignment that has a path of
 * its own.
 */
#pragma once

#include <axtest.h>

enum { CHECK_MAX = 300, CHECK_AREA = 1024 };

static inline void check_fill(unsigned char *area)
{
	for (size_t i = 0; i < CHECK_AREA; i++)
		area[i] = (unsigned char)(i * 7 + i / 256);
}

static inline void check_one_move(void *(*move)(void *, const void *, size_t), size_t to, size_t from, size_t bytes)
{
	static unsigned char area[CHECK_AREA], truth[CHECK_AREA], source[CHECK_AREA];
	check_fill(area);
	check_fill(truth);
	check_fill(source);
	for (size_t i = 0; i < bytes; i++)
		truth[to + i] = source[from + i];
	CHECK(move(area + to, area + from, bytes) == area + to);
	CHECK(memcmp(area, truth, CHECK_AREA) == 0);
}

static inline void check_move(void *(*move)(void *, const void *, size_t))
{
	for (size_t bytes = 0; bytes <= CHECK_MAX; bytes++) {
		for (size_t shift = 0; shift < 16; shift++) {
			check_one_move(move, 16 + shift, 512 + 3, bytes);
			check_one_move(move, 512 + 5, 32 + shift, bytes);
		}
		for (size_t distance = 0; distance <= 130; distance += distance < 20 ? 1 : 13) {
			check_one_move(move, 300, 300 + distance, bytes);
			check_one_move(move, 300 + distance, 300, bytes);
		}
	}
}

static inline void check_set(void *(*set)(void *, int, size_t))
{
	for (size_t bytes = 0; bytes <= CHECK_MAX; bytes++) {
		for (size_t shift = 0; shift < 16; shift++) {
			unsigned char area[CHECK_AREA], truth[CHECK_AREA];
			check_fill(area);
			check_fill(truth);
			for (size_t i = 0; i < bytes; i++)
				truth[32 + shift + i] = 0xA5;
			CHECK(set(area + 32 + shift, 0x1A5, bytes) == area + 32 + shift);
			CHECK(memcmp(area, truth, CHECK_AREA) == 0);
		}
	}
}
