/* SPDX-License-Identifier: Apache-2.0 */
/* The standard devices behave as their man pages say; what was added is found and listed. */
#include "../../axfs_vfs/tests/host.h"

#include <axtest.h>
#include <devfs/devfs.h>

static ax_err_t sevens(void *buffer, size_t bytes)
{
	memset(buffer, 7, bytes);
	return AX_OK;
}

static ax_err_t refuse([[maybe_unused]] void *buffer, [[maybe_unused]] size_t bytes)
{
	return AX_ERR_IO;
}

static vfs_t *mounted(void)
{
	vfs_t *fs;
	CHECK(devfs_mount(&s_host, sevens, &fs) == AX_OK);
	return fs;
}

static vfs_node_t *found(vfs_t *fs, const char *name)
{
	vfs_node_t *node;
	return devfs_lookup(fs->root, name, strlen(name), &node) == AX_OK ? node : NULL;
}

static ax_err_t write_one(vfs_t *fs, const char *name, size_t *done)
{
	return devfs_write(found(fs, name), "x", 1, 0, done);
}

TEST(null_takes_everything_and_is_empty)
{
	vfs_t *fs = mounted();
	char text[4];
	size_t done;
	CHECK(write_one(fs, "null", &done) == AX_OK);
	CHECK_EQ(done, 1);
	CHECK(devfs_read(found(fs, "null"), text, 4, 0, &done) == AX_OK);
	CHECK_EQ(done, 0);
	CHECK(devfs_unmount(fs) == AX_OK);
}

TEST(zero_gives_zeroes_and_full_is_full)
{
	vfs_t *fs = mounted();
	char text[4] = "abc";
	size_t done;
	CHECK(devfs_read(found(fs, "zero"), text, 4, 100, &done) == AX_OK);
	CHECK_EQ(done, 4);
	CHECK(memcmp(text, "\0\0\0\0", 4) == 0);
	CHECK(write_one(fs, "full", &done) == AX_ERR_NO_SPACE);
	CHECK_EQ(done, 0);
	CHECK(devfs_unmount(fs) == AX_OK);
}

TEST(random_bytes_come_from_the_source_and_its_failure_is_told)
{
	vfs_t *fs = mounted();
	char text[2] = "";
	size_t done;
	CHECK(devfs_read(found(fs, "urandom"), text, 2, 0, &done) == AX_OK);
	CHECK_EQ(text[1], 7);
	CHECK(devfs_unmount(fs) == AX_OK);
	CHECK(devfs_mount(&s_host, refuse, &fs) == AX_OK);
	CHECK(devfs_read(found(fs, "random"), text, 2, 0, &done) == AX_ERR_IO);
	CHECK_EQ(done, 0);
	CHECK(devfs_unmount(fs) == AX_OK);
	CHECK(devfs_mount(&s_host, NULL, &fs) == AX_OK);
	CHECK(!found(fs, "random"));
	CHECK(devfs_unmount(fs) == AX_OK);
}

static bool list(void *context, const vfs_entry_t *entry)
{
	strncat(context, entry->name, entry->name_bytes);
	strcat(context, " ");
	return true;
}

TEST(what_was_added_is_listed_and_a_name_is_there_once)
{
	static const devfs_device_t device = { .name = "mine", .mode = VFS_CHARACTER_DEVICE | 0600,
					       .number = DEVFS_NUMBER(5, 1) };
	vfs_t *fs = mounted();
	char names[100] = "", target[8] = "";
	size_t bytes;
	CHECK(devfs_add(fs, &device) == AX_OK);
	CHECK(devfs_add(fs, &device) == AX_ERR_ALREADY_EXISTS);
	CHECK(devfs_add_link(fs, "shm", "/tmp") == AX_OK);
	CHECK(devfs_read_directory(fs->root, 0, list, names) == AX_OK);
	CHECK_STR(names, "null zero full random urandom mine shm ");
	CHECK(devfs_device_of(found(fs, "mine")) == &device);
	CHECK_EQ(found(fs, "mine")->device, 0x501);
	CHECK(devfs_control(found(fs, "mine"), 1, NULL) == AX_ERR_NOT_A_TERMINAL);
	CHECK(devfs_read_link(found(fs, "shm"), target, sizeof target, &bytes) == AX_OK);
	CHECK_STR(target, "/tmp");
	CHECK(devfs_unmount(fs) == AX_OK);
}

TEST(without_memory_there_is_no_devfs_and_nothing_leaks)
{
	vfs_t *fs;
	for (size_t left = 0;; left++) {
		s_allocations_left = left;
		ax_err_t error = devfs_mount(&s_host, sevens, &fs);
		s_allocations_left = SIZE_MAX;
		if (error == AX_OK)
			break;
		CHECK(error == AX_ERR_NO_MEMORY);
	}
	CHECK(devfs_unmount(fs) == AX_OK);
}
