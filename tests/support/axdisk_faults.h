/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults that a volume must outlive: it is full, its disk fails. Errors are told, and what was synced is there.
 */
#pragma once

#include <axdisk_work.h>

typedef struct fault_promise {
	ax_err_t (*mount)(block_device_t *device, vfs_t **fs);
	const char *make;
	size_t bytes;
	const char *check;  /* of a volume that was unmounted */
	const char *repair; /* of one whose disk failed */
} fault_promise_t;

enum { FAULT_KEPT = 50000, FAULT_FILES = 600, FAULT_POINTS = 160 };

static void fault_put_kept(vfs_t *fs)
{
	static uint8_t s_data[FAULT_KEPT];
	work_fill(s_data, 7, 0, sizeof s_data);
	CHECK_EQ(disk_make(fs, "dir", VFS_DIRECTORY | 0755, NULL), AX_OK);
	CHECK_EQ(disk_put(fs, "dir/kept", s_data, sizeof s_data, 0), AX_OK);
	CHECK_EQ(fs->ops->sync(fs), AX_OK);
}

/* Bytes of it that are as they were written; SIZE_MAX: it cannot be read. */
static size_t fault_get_kept(vfs_t *fs)
{
	static uint8_t s_back[FAULT_KEPT];
	size_t bytes = disk_get(fs, "dir/kept", s_back, sizeof s_back, 0), good = 0;
	while (bytes != SIZE_MAX && good < bytes && s_back[good] == work_byte(7, good))
		good++;
	return bytes == SIZE_MAX ? bytes : good;
}

static bool fault_kept_is_there(vfs_t *fs)
{
	return fault_get_kept(fs) == FAULT_KEPT;
}

static void fault_begin(const fault_promise_t *promise, disk_t *disk, vfs_t **fs)
{
	disk_init(disk, disk_make_image(promise->make, promise->bytes), promise->bytes);
	CHECK_EQ(promise->mount(&disk->device, fs), AX_OK);
	fault_put_kept(*fs);
}

/** Files until there is no space: each call says so or has done its work, and with space there again, goes on. */
static void fault_full(const fault_promise_t *promise)
{
	static uint8_t s_data[60000], s_back[60000];
	disk_t disk;
	vfs_t *fs;
	char name[] = "full-000";
	int count = 0;
	fault_begin(promise, &disk, &fs);
	work_fill(s_data, 3, 0, sizeof s_data);
	ax_err_t error = AX_OK;
	for (; !error && count < FAULT_FILES; count++) {
		snprintf(name, sizeof name, "full-%03u", (unsigned)count % 1000);
		error = disk_put(fs, name, s_data, sizeof s_data, 0);
	}
	CHECK_EQ(error, AX_ERR_NO_SPACE);
	CHECK(count > 2);
	CHECK_EQ(disk_put(fs, "dir/kept", s_data, sizeof s_data, FAULT_KEPT), AX_ERR_NO_SPACE);
	CHECK_EQ(disk_cut(fs, "dir/kept", FAULT_KEPT), AX_OK);
	CHECK_EQ(fs->ops->sync(fs), AX_OK);
	CHECK(fault_kept_is_there(fs));
	CHECK_EQ(disk_remove(fs, "full-000"), AX_OK);
	CHECK_EQ(disk_remove(fs, "full-001"), AX_OK);
	CHECK_EQ(disk_put(fs, "full-001", s_data, sizeof s_data, 0), AX_OK);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	CHECK_EQ(disk_check_image(promise->check, disk.image, disk.bytes, false), 0);
	CHECK_EQ(promise->mount(&disk.device, &fs), AX_OK);
	CHECK(fault_kept_is_there(fs));
	CHECK_EQ(disk_get(fs, "full-001", s_back, sizeof s_back, 0), sizeof s_back);
	CHECK(memcmp(s_data, s_back, sizeof s_data) == 0);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	disk_destroy(&disk);
}

static bool fault_is_told(ax_err_t error)
{
	return error == AX_ERR_IO || error == AX_ERR_READ_ONLY;
}

/* Some of everything, the errors counted. */
static int fault_work(vfs_t *fs)
{
	static uint8_t s_data[30000];
	work_fill(s_data, 11, 0, sizeof s_data);
	const ax_err_t errors[] = {
		disk_put(fs, "new", s_data, sizeof s_data, 0),	disk_make(fs, "other", VFS_DIRECTORY | 0755, NULL),
		disk_put(fs, "other/x", s_data, 3000, 0),	disk_sync_file(fs, "new", false),
		disk_rename(fs, "other/x", "dir/y"),		disk_cut(fs, "new", 100),
		disk_remove(fs, "new"),				fs->ops->sync(fs),
	};
	int count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		/* what an operation that failed should have made is not found later */
		CHECK(!errors[i] || fault_is_told(errors[i]) || (count && errors[i] == AX_ERR_NOT_FOUND));
		count += errors[i] != AX_OK;
	}
	return count;
}

/** The volume is finished while files are open, one of them without a name: nothing is changed any more, no space is lost. */
static void fault_finish(const fault_promise_t *promise)
{
	for (int is_removed = 0; is_removed < 2; is_removed++) {
		disk_t disk;
		vfs_t *fs;
		vfs_node_t *kept, *other;
		uint8_t byte = 0;
		size_t done;
		fault_begin(promise, &disk, &fs);
		CHECK_EQ(disk_put(fs, "other", "contents", 8, 0), AX_OK);
		CHECK_EQ(disk_walk(fs, "dir/kept", &kept), AX_OK);
		CHECK_EQ(disk_walk(fs, "other", &other), AX_OK);
		if (is_removed)
			CHECK_EQ(disk_remove(fs, "other"), AX_OK);
		CHECK_EQ(fs->ops->finish(fs), AX_OK);
		CHECK(fs->flags & VFS_READ_ONLY);
		CHECK_EQ(fs->ops->finish(fs), AX_OK);
		if (!is_removed)
			CHECK_EQ(disk_check_image(promise->check, disk.image, disk.bytes, false), 0);
		CHECK_EQ(fs->ops->read(kept, &byte, 1, 0, &done), AX_OK);
		CHECK(done == 1 && byte == work_byte(7, 0));
		disk.writes_left = 0; /* what follows writes nothing */
		vfs_node_put(other);
		vfs_node_put(kept);
		CHECK_EQ(fs->ops->unmount(fs), AX_OK);
		disk.writes_left = SIZE_MAX;
		if (is_removed)
			CHECK(disk_check_image(promise->repair, disk.image, disk.bytes, true) <= 1);
		CHECK_EQ(promise->mount(&disk.device, &fs), AX_OK);
		CHECK(fault_kept_is_there(fs));
		CHECK_EQ(disk_get(fs, "other", &byte, 1, 0), is_removed ? SIZE_MAX : 1);
		CHECK_EQ(fs->ops->unmount(fs), AX_OK);
		CHECK_EQ(disk_check_image(promise->check, disk.image, disk.bytes, false), 0);
		disk_destroy(&disk);
	}
}

/** The disk fails for good after each number of writes: it is told, at the latest by sync(), and what was synced is there. */
static void fault_writes(const fault_promise_t *promise)
{
	bool has_failed = false, has_done = false;
	for (size_t point = 0; point < FAULT_POINTS && !has_done; point++) {
		disk_t disk;
		vfs_t *fs;
		fault_begin(promise, &disk, &fs);
		disk.writes_left = point;
		const int count = fault_work(fs);
		const bool was_reached = disk.writes_left == 0;
		CHECK(count || !was_reached || point);
		has_failed |= count > 0;
		CHECK(fault_kept_is_there(fs) || (count && fault_get_kept(fs) == SIZE_MAX));
		ax_err_t error = fs->ops->unmount(fs);
		CHECK(!error || fault_is_told(error));
		has_done = !error && !count;
		disk.writes_left = SIZE_MAX;
		if (!has_done)
			CHECK(disk_check_image(promise->repair, disk.image, disk.bytes, true) <= 1);
		CHECK_EQ(promise->mount(&disk.device, &fs), AX_OK);
		CHECK(fault_kept_is_there(fs));
		CHECK_EQ(fs->ops->unmount(fs), AX_OK);
		CHECK_EQ(disk_check_image(promise->check, disk.image, disk.bytes, false), 0);
		disk_destroy(&disk);
	}
	CHECK(has_failed && has_done);
}

/** The disk does not read: the contents come whole, or an error. */
static void fault_reads(const fault_promise_t *promise)
{
	bool has_failed = false, has_done = false;
	for (size_t point = 0; point < FAULT_POINTS && !has_done; point++) {
		disk_t disk;
		vfs_t *fs;
		vfs_node_t *node;
		fault_begin(promise, &disk, &fs);
		CHECK_EQ(fs->ops->unmount(fs), AX_OK);
		disk.reads_left = point;
		ax_err_t error = promise->mount(&disk.device, &fs);
		if (!error) {
			error = disk_walk(fs, "dir/kept", &node);
			if (!error)
				vfs_node_put(node);
			has_done = !error && fault_kept_is_there(fs);
			disk.reads_left = SIZE_MAX;
			CHECK(!fs->ops->unmount(fs) || error);
		}
		CHECK(!error || error == AX_ERR_IO);
		has_failed |= error != AX_OK;
		disk.reads_left = SIZE_MAX;
		CHECK_EQ(promise->mount(&disk.device, &fs), AX_OK);
		CHECK(fault_kept_is_there(fs));
		CHECK_EQ(fs->ops->unmount(fs), AX_OK);
		disk_destroy(&disk);
	}
	CHECK(has_failed && has_done);
}
