/* SPDX-License-Identifier: Apache-2.0 */
/* A loss of power at every write of a workload. AXDISK_LONG in the environment makes it a long one. */
#include <axdisk.h>
#include <axdisk_work.h>

#include <fatfs/fatfs.h>

static work_t s_work;

static ax_err_t mount(block_device_t *device, vfs_t **fs)
{
	return fatfs_mount(device, &s_disk_host, 0, "disk", NULL, fs);
}

static void cut(const char *make, size_t bytes, uint64_t seed, size_t steps, size_t every)
{
	const bool is_long = getenv("AXDISK_LONG");
	/*
	 * Repaired until nothing is left to repair: one pass of fsck.fat cuts a directory whose first cluster is free off
	 * its cluster, the next takes such a directory away, a third the rest of its long name. Of the check, the dirty
	 * bit alone is what -n complains of, as the mount found it and keeps it.
	 */
	const work_promise_t promise = {
		.mount = mount,
		.repair = "for pass in 1 2 3 4 5; do fsck.vfat -a {} >/dev/null 2>&1 && exit 0; done; exit 9",
		.check = DISK_QUIET("fsck.vfat -n {}"),
		.check_every = 1,
		.repair_every = is_long ? 1 : every,
	};
	disk_t disk;
	vfs_t *fs;
	disk_init(&disk, disk_make_image(make, bytes), bytes);
	uint8_t *before = malloc(bytes);
	memcpy(before, disk.image, bytes);
	disk.records = true;
	CHECK_EQ(mount(&disk.device, &fs), AX_OK);
	work_run(&s_work, fs, &disk, seed, is_long ? 8 * steps : steps);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	CHECK_EQ(disk_check_image(promise.check, disk.image, bytes, false), 0);
	power_cuts(&s_work, &disk, before, &promise, 1);
	free(before);
	disk_destroy(&disk);
}

TEST(what_was_synced_is_there_after_fsck_of_fat12)
{
	cut("mkfs.vfat -F 12 -s 4 {} >/dev/null", 2 << 20, 1, 150, 31);
}

TEST(what_was_synced_is_there_after_fsck_of_fat16)
{
	cut("mkfs.vfat -F 16 -s 1 {} >/dev/null", 4 << 20, 2, 150, 31);
}

TEST(what_was_synced_is_there_after_fsck_of_fat32)
{
	cut("mkfs.vfat -F 32 -s 1 {} >/dev/null", 34 << 20, 3, 150, 211);
}
