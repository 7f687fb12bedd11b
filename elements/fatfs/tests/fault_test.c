/* SPDX-License-Identifier: Apache-2.0 */
/* A volume that is full, one whose disk fails, one that is finished while files are open. */
#include <axdisk.h>
#include <axdisk_faults.h>

#include <fatfs/fatfs.h>

static ax_err_t mount(block_device_t *device, vfs_t **fs)
{
	return fatfs_mount(device, &s_disk_host, 0, "disk", NULL, fs);
}

static const fault_promise_t s_promise = {
	mount, "mkfs.vfat -F 12 -s 4 {} >/dev/null", 3 << 20, "fsck.vfat -n {} >/dev/null 2>&1", "fsck.vfat -a {} >/dev/null 2>&1",
};

TEST(a_full_volume_says_so_and_goes_on_when_there_is_space)
{
	fault_full(&s_promise);
}

TEST(a_disk_that_fails_to_write_loses_nothing_synced)
{
	fault_writes(&s_promise);
}

TEST(a_disk_that_fails_to_read_gives_an_error_and_no_other_contents)
{
	fault_reads(&s_promise);
}

TEST(a_volume_that_is_finished_is_clean_whatever_is_open)
{
	fault_finish(&s_promise);
}
