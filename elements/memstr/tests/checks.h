/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of a mem* implementation against byte-by-byte truth, at every size and misalignment that has a path of
 * its own.
 */
#pragma once

#include <axtest.h>
#include <base/base.h>

enum { CHECK_MAX = 300, CHECK_AREA = 1024, CHECK_LONG = 8192, CHECK_LONG_AREA = 3 * CHECK_LONG };

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

static inline void check_long_area(const unsigned char *area, size_t to, size_t bytes, const unsigned char *what)
{
	for (size_t i = 0; i < CHECK_LONG_AREA; i++)
		CHECK_EQ(area[i], i >= to && i < to + bytes ? what[i - to] : (unsigned char)(i * 7 + i / 256));
}

static inline void check_long_fill(unsigned char *area)
{
	for (size_t i = 0; i < CHECK_LONG_AREA; i++)
		area[i] = (unsigned char)(i * 7 + i / 256);
}

/* Around the sizes from where other instructions are used; apart, and overlapping by more and less than they look at. */
static inline void check_long_moves(void *(*move)(void *, const void *, size_t))
{
	static const size_t sizes[] = { 256, 257, 511, 4095, 4096, 4097, 4096 + 63, CHECK_LONG };
	static const size_t starts[][2] = { { 0, 2 * CHECK_LONG }, { 2 * CHECK_LONG - 15, 7 }, { 100, 101 }, { 101, 100 },
					    { 100, 190 }, { 190, 100 }, { 64, 4000 }, { 4000, 64 }, { 33, 4097 } };
	static unsigned char area[CHECK_LONG_AREA], source[CHECK_LONG_AREA];
	for (size_t size = 0; size < ARRAY_SIZE(sizes); size++) {
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
			check_long_fill(area);
			check_long_fill(source);
			CHECK(move(area + starts[i][0], area + starts[i][1], sizes[size]) == area + starts[i][0]);
			check_long_area(area, starts[i][0], sizes[size], source + starts[i][1]);
		}
	}
}

static inline void check_long_sets(void *(*set)(void *, int, size_t))
{
	static unsigned char area[CHECK_LONG_AREA], source[CHECK_LONG];
	memset(source, 0xA5, sizeof source);
	for (size_t bytes = 4000; bytes <= CHECK_LONG; bytes += bytes < 4200 ? 5 : 1000) {
		check_long_fill(area);
		CHECK(set(area + bytes % 64, 0x1A5, bytes) == area + bytes % 64);
		check_long_area(area, bytes % 64, bytes, source);
	}
}
