/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of memory as users write them, in AX_MEM. */
#include <axtest.h>
#include <base/base.h>
#include "../platform/linux/size.c"

TEST(bare_number_counts_mebibytes)
{
	CHECK_EQ(axhal_linux_parse_size("64"), 64u << 20);
}

TEST(suffixes_are_binary_in_either_case)
{
	CHECK_EQ(axhal_linux_parse_size("1536K"), 1536u << 10);
	CHECK_EQ(axhal_linux_parse_size("64M"), 64u << 20);
	CHECK_EQ(axhal_linux_parse_size("3g"), (size_t)3 << 30);
}

TEST(what_is_no_size_reads_as_0)
{
	static const char *const bad[] = { "", "M", "-1M", "64MB", "64 M", "0x10", "1T", " 1" };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK_EQ(axhal_linux_parse_size(bad[i]), 0);
}

TEST(size_that_overflows_reads_as_0)
{
	CHECK_EQ(axhal_linux_parse_size("18446744073709551616"), 0);
	CHECK_EQ(axhal_linux_parse_size("17179869184G"), 0);
	CHECK_EQ(axhal_linux_parse_size("17179869183G"), (size_t)17179869183 << 30);
}
