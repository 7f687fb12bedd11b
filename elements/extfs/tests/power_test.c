/* SPDX-License-Identifier: Apache-2.0 */
/* A loss of power at every write of a workload. AXDISK_LONG in the environment makes it a long one. */
#include <axdisk.h>
#include <axdisk_work.h>

#include <extfs/extfs.h>

enum { BYTES = 3 << 20 };

static work_t s_work;

static ax_err_t mount(block_device_t *device, vfs_t **fs)
{
	return extfs_mount(device, &s_disk_host, 0, "disk", NULL, fs);
}

static void cut(const char *make, const work_promise_t *promise, uint64_t seed, size_t steps, size_t stride)
{
	disk_t disk;
	vfs_t *fs;
	const bool is_long = getenv("AXDISK_LONG");
	uint8_t *image = disk_make_image(make, BYTES), *before = malloc(BYTES);
	memcpy(before, image, BYTES);
	disk_init(&disk, image, BYTES);
	disk.records = true;
	CHECK_EQ(mount(&disk.device, &fs), AX_OK);
	work_run(&s_work, fs, &disk, seed, is_long ? 8 * steps : steps);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	CHECK_EQ(disk_check_image(promise->check, image, BYTES, false), 0);
	power_cuts(&s_work, &disk, before, promise, is_long ? 1 : stride);
	disk_destroy(&disk);
	free(before);
}

#define CHECK_COMMAND DISK_QUIET("e2fsck -fn {}")

TEST(with_a_journal_each_step_is_done_or_not_and_what_was_synced_is)
{
	const work_promise_t promise = { .mount = mount, .check = CHECK_COMMAND, .is_atomic = true, .check_every = 97 };
	cut("mke2fs -q -t ext4 -b 1024 -J size=1 {}", &promise, 1, 120, 1);
	cut("mke2fs -q -t ext3 -b 1024 -J size=1 {}", &promise, 2, 120, 1);
}

TEST(e2fsck_recovers_the_journal_as_the_mount_does)
{
	const work_promise_t promise = { .mount = mount, .repair = "e2fsck -p {} >/dev/null 2>&1", .check = CHECK_COMMAND,
					 .is_atomic = true, .check_every = 1, .repair_every = 61 };
	cut("mke2fs -q -t ext4 -b 1024 -J size=1 {}", &promise, 3, 120, 1);
}

TEST(without_a_journal_a_check_leaves_what_was_synced)
{
	const work_promise_t promise = { .mount = mount, .repair = "e2fsck -fy {} >/dev/null 2>&1", .check = CHECK_COMMAND,
					 .check_every = 1, .repair_every = 37 };
	cut("mke2fs -q -t ext2 -b 1024 {}", &promise, 4, 100, 1);
}
