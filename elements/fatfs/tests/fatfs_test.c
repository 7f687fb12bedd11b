/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes that mkfs.vfat makes, used through fatfs, and checked by fsck.vfat. */
#include <axdisk.h>
#include <axdisk_work.h>

#include <fatfs/fatfs.h>

enum { MIB = 1 << 20 };

#define CHECK_COMMAND DISK_QUIET("fsck.vfat -n {}")

static const struct {
	const char *command;
	size_t bytes;
} s_kinds[] = {
	{ "mkfs.vfat -F 12 {} >/dev/null", 4 * MIB },
	{ "mkfs.vfat -F 16 {} >/dev/null", 16 * MIB },
	{ "mkfs.vfat -F 16 -f 1 -s 8 -r 64 {} >/dev/null", 32 * MIB },
	{ "mkfs.vfat -F 32 -s 1 {} >/dev/null", 40 * MIB },
	{ "mkfs.vfat -F 16 -S 4096 -s 1 {} >/dev/null", 32 * MIB },
};

static disk_t s_disk;
static vfs_t *s_fs;

static void begin(size_t kind)
{
	disk_init(&s_disk, disk_make_image(s_kinds[kind].command, s_kinds[kind].bytes), s_kinds[kind].bytes);
	CHECK_EQ(fatfs_mount(&s_disk.device, &s_disk_host, 0, "disk", NULL, &s_fs), AX_OK);
}

static void again(void)
{
	bool was_dirty = true;
	CHECK_EQ(s_fs->ops->unmount(s_fs), AX_OK);
	CHECK_EQ(fatfs_mount(&s_disk.device, &s_disk_host, 0, "disk", &was_dirty, &s_fs), AX_OK);
	CHECK(!was_dirty);
}

static void end(void)
{
	CHECK_EQ(s_fs->ops->unmount(s_fs), AX_OK);
	CHECK_EQ(disk_check_image(CHECK_COMMAND, s_disk.image, s_disk.bytes, false), 0);
	disk_destroy(&s_disk);
}

TEST(what_was_written_is_there_after_a_mount_on_every_kind_of_volume)
{
	static uint8_t s_data[MIB], s_back[MIB];
	work_fill(s_data, 9, 0, sizeof s_data);
	for (size_t kind = 0; kind < ARRAY_SIZE(s_kinds); kind++) {
		begin(kind);
		CHECK_EQ(disk_make(s_fs, "dir", VFS_DIRECTORY | 0755, NULL), AX_OK);
		CHECK_EQ(disk_make(s_fs, "dir/A longer name for a directory", VFS_DIRECTORY | 0755, NULL), AX_OK);
		CHECK_EQ(disk_put(s_fs, "dir/A longer name for a directory/Größe.txt", s_data, sizeof s_data, 0), AX_OK);
		CHECK_EQ(disk_put(s_fs, "gap", "x", 1, 70000), AX_OK);
		again();
		CHECK_EQ(disk_get(s_fs, "DIR/a LONGER name for a directory/GRÖSSE.txt", s_back, 1, 0), SIZE_MAX);
		CHECK_EQ(disk_get(s_fs, "DIR/a LONGER name for a directory/GRÖßE.TXT", s_back, sizeof s_back, 0), sizeof s_back);
		CHECK(memcmp(s_data, s_back, sizeof s_back) == 0);
		CHECK_EQ(disk_get(s_fs, "gap", s_back, 2, 69999), 2);
		CHECK(s_back[0] == 0 && s_back[1] == 'x');
		end();
	}
}

TEST(a_random_workload_matches_its_model)
{
	static work_t s_work;
	s_work.overwrites = true;
	for (size_t kind = 0; kind < ARRAY_SIZE(s_kinds); kind++) {
		begin(kind);
		work_run(&s_work, s_fs, &s_disk, kind + 1, 1000);
		CHECK(work_state_is(s_fs, &s_work.state[s_work.steps]));
		again();
		CHECK(work_state_is(s_fs, &s_work.state[s_work.steps]));
		end();
	}
}
