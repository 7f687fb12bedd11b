/* SPDX-License-Identifier: Apache-2.0 */
/* Looking functions up in the vDSO: in the host's own. */
#include <axtest.h>
#include <time.h>
#include "../platform/linux/vdso.c"

unsigned long getauxval(unsigned long type); /* <sys/auxv.h> brings names of ours */

TEST(clock_of_the_host_is_found_and_runs)
{
	const void *vdso = (const void *)getauxval(LINUX_AT_SYSINFO_EHDR);
	if (!vdso)
		return; /* a host without one: the kernel is called then */
	int (*clock)(int, struct timespec *) = axhal_linux_vdso_find(vdso, LINUX_VDSO_CLOCK_GETTIME);
	CHECK(clock != NULL);
	struct timespec before, now, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK_EQ(clock(CLOCK_MONOTONIC, &now), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK(before.tv_sec <= now.tv_sec && now.tv_sec <= after.tv_sec);
}

TEST(unknown_name_and_prefix_of_a_name_are_not_found)
{
	const void *vdso = (const void *)getauxval(LINUX_AT_SYSINFO_EHDR);
	if (!vdso)
		return;
	CHECK(!axhal_linux_vdso_find(vdso, "__vdso_clock_gettim"));
	CHECK(!axhal_linux_vdso_find(vdso, "no_such_function"));
	CHECK(!axhal_linux_vdso_find(vdso, ""));
}

/* Symbols 2 to 5 are hashed, in buckets that start at 4 and 2; the chain of the last one ends with symbol 5. */
TEST(symbols_are_counted_by_the_gnu_hash_table)
{
	const uint32_t table[] = { 2, 2, 1, 6, 0, 0, 4, 2, 0x10, 0x21, 0x30, 0x41 };
	CHECK_EQ(count_gnu(table), 6);
}

TEST(gnu_hash_table_without_symbols_counts_those_that_are_not_hashed)
{
	const uint32_t table[] = { 1, 1, 1, 6, 0, 0, 0 };
	CHECK_EQ(count_gnu(table), 1);
}
