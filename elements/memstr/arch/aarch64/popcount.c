/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many bits are 1: what __builtin_popcount becomes where the compiler may not use vector registers. Its own library's
 * function uses them all the same, so this one takes its place (H. S. Warren, "Hacker's Delight", figure 5-2).
 */
#include <stdint.h>

#pragma GCC visibility push(default)
[[gnu::weak]] int __popcountdi2(int64_t value);
#pragma GCC visibility pop

int __popcountdi2(int64_t value)
{
	uint64_t sums = (uint64_t)value;
	sums -= sums >> 1 & UINT64_C(0x5555555555555555);
	sums = (sums & UINT64_C(0x3333333333333333)) + (sums >> 2 & UINT64_C(0x3333333333333333));
	sums = (sums + (sums >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (int)(sums * UINT64_C(0x0101010101010101) >> 56);
}
