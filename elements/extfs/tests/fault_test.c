/* SPDX-License-Identifier: Apache-2.0 */
/* A volume that is full, one whose disk fails, one that is finished while files are open. */
#include <axdisk.h>
#include <axdisk_faults.h>

#include <extfs/extfs.h>

static ax_err_t mount(block_device_t *device, vfs_t **fs)
{
	return extfs_mount(device, &s_disk_host, 0, "disk", NULL, fs);
}

static const fault_promise_t s_promises[] = {
	{ mount, "mke2fs -q -t ext4 -b 1024 -J size=1 {}", 3 << 20, "e2fsck -fn {} >/dev/null 2>&1", "e2fsck -p {} >/dev/null 2>&1" },
	{ mount, "mke2fs -q -t ext2 -b 1024 {}", 3 << 20, "e2fsck -fn {} >/dev/null 2>&1", "e2fsck -fy {} >/dev/null 2>&1" },
};

TEST(a_full_volume_says_so_and_goes_on_when_there_is_space)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_promises); i++)
		fault_full(&s_promises[i]);
}

TEST(a_disk_that_fails_to_write_loses_nothing_synced)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_promises); i++)
		fault_writes(&s_promises[i]);
}

TEST(a_disk_that_fails_to_read_gives_an_error_and_no_other_contents)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_promises); i++)
		fault_reads(&s_promises[i]);
}

TEST(a_volume_that_is_finished_is_clean_whatever_is_open)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_promises); i++)
		fault_finish(&s_promises[i]);
}
