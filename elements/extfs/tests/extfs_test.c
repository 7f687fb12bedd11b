/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes that mke2fs makes, used through extfs, and checked by e2fsck. */
#include <axdisk.h>
#include <axdisk_work.h>

#include <extfs/extfs.h>

enum { MIB = 1 << 20 };

static const char *const s_kinds[] = {
	"mke2fs -q -t ext2 -b 1024 {}",
	"mke2fs -q -t ext2 -b 4096 -r 0 -O none {}",
	"mke2fs -q -t ext3 -b 1024 -I 128 {} 2>/dev/null",
	"mke2fs -q -t ext4 -b 1024 {}",
	"mke2fs -q -t ext4 -b 4096 {}",
	"mke2fs -q -t ext4 -b 2048 -O ^metadata_csum,uninit_bg,^64bit {}",
	"mke2fs -q -t ext4 -b 4096 -O ^has_journal,metadata_csum_seed,meta_bg,^resize_inode {}",
};

static disk_t s_disk;
static vfs_t *s_fs;

static void begin(const char *command, size_t bytes)
{
	disk_init(&s_disk, disk_make_image(command, bytes), bytes);
	CHECK_EQ(extfs_mount(&s_disk.device, &s_disk_host, 0, "disk", NULL, &s_fs), AX_OK);
	CHECK(!(s_fs->flags & VFS_READ_ONLY));
}

static void again(void)
{
	CHECK_EQ(s_fs->ops->unmount(s_fs), AX_OK);
	CHECK_EQ(extfs_mount(&s_disk.device, &s_disk_host, 0, "disk", NULL, &s_fs), AX_OK);
}

static void end(void)
{
	CHECK_EQ(s_fs->ops->unmount(s_fs), AX_OK);
	CHECK_EQ(disk_check_image(DISK_QUIET("e2fsck -fn {}"), s_disk.image, s_disk.bytes, false), 0);
	disk_destroy(&s_disk);
}

static void fill_pattern(uint8_t *at, size_t bytes, unsigned seed)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(i * 7 + (i >> 8) * 3 + seed);
}

TEST(what_was_written_is_there_after_a_mount_on_every_kind_of_volume)
{
	static uint8_t s_data[3 * MIB], s_back[3 * MIB];
	fill_pattern(s_data, sizeof s_data, 1);
	for (size_t kind = 0; kind < ARRAY_SIZE(s_kinds); kind++) {
		begin(s_kinds[kind], 16 * MIB);
		CHECK_EQ(disk_make(s_fs, "dir", VFS_DIRECTORY | 0755, NULL), AX_OK);
		CHECK_EQ(disk_make(s_fs, "dir/sub", VFS_DIRECTORY | 0700, NULL), AX_OK);
		CHECK_EQ(disk_put(s_fs, "dir/sub/large", s_data, sizeof s_data, 0), AX_OK);
		CHECK_EQ(disk_put(s_fs, "dir/small", "hello", 5, 0), AX_OK);
		CHECK_EQ(disk_put(s_fs, "sparse", "x", 1, 9 * MIB), AX_OK);
		CHECK_EQ(disk_make(s_fs, "link", VFS_SYMLINK | 0777, "dir/small"), AX_OK);
		again();
		CHECK_EQ(disk_get(s_fs, "dir/sub/large", s_back, sizeof s_back, 0), sizeof s_back);
		CHECK(memcmp(s_data, s_back, sizeof s_back) == 0);
		CHECK_EQ(disk_get(s_fs, "dir/small", s_back, 100, 0), 5);
		CHECK_EQ(disk_get(s_fs, "sparse", s_back, 2, 9 * MIB - 1), 2);
		CHECK(s_back[0] == 0 && s_back[1] == 'x');
		end();
	}
}

TEST(a_random_workload_matches_its_model)
{
	static work_t s_work;
	s_work.overwrites = true;
	for (size_t kind = 0; kind < ARRAY_SIZE(s_kinds); kind++) {
		begin(s_kinds[kind], 8 * MIB);
		work_run(&s_work, s_fs, &s_disk, kind + 1, 1000);
		CHECK(work_state_is(s_fs, &s_work.state[s_work.steps]));
		again();
		CHECK(work_state_is(s_fs, &s_work.state[s_work.steps]));
		end();
	}
}

/* The volume as a loss of power leaves it now. */
static void mount_copy(disk_t *copy, vfs_t **fs)
{
	uint8_t *image = malloc(s_disk.bytes);
	memcpy(image, s_disk.image, s_disk.bytes);
	disk_init(copy, image, s_disk.bytes);
	CHECK_EQ(extfs_mount(&copy->device, &s_disk_host, 0, "disk", NULL, fs), AX_OK);
}

TEST(small_writes_wait_in_memory_for_a_sync_that_takes_few_large_ones)
{
	enum { PIECE = 100, PIECES = 1000 };
	static uint8_t s_data[PIECE * PIECES], s_back[PIECE * PIECES];
	disk_t copy;
	vfs_t *fs;
	begin("mke2fs -q -t ext4 -b 1024 {}", 8 * MIB);
	fill_pattern(s_data, sizeof s_data, 3);
	CHECK_EQ(disk_make(s_fs, "log", VFS_REGULAR | 0644, NULL), AX_OK);
	CHECK_EQ(s_fs->ops->sync(s_fs), AX_OK);
	const size_t reads = s_disk.reads_left, writes = s_disk.writes_left;
	for (size_t at = 0; at < sizeof s_data; at += PIECE)
		CHECK_EQ(disk_put(s_fs, "log", s_data + at, PIECE, at), AX_OK);
	for (size_t at = 0; at < sizeof s_data; at += PIECE)
		CHECK_EQ(disk_get(s_fs, "log", s_back + at, PIECE, at), PIECE);
	CHECK_EQ(s_disk.writes_left, writes);
	CHECK(reads - s_disk.reads_left < 10); /* metadata */
	CHECK(memcmp(s_data, s_back, sizeof s_data) == 0);
	CHECK_EQ(disk_sync_file(s_fs, "log", true), AX_OK);
	CHECK(writes - s_disk.writes_left < 40);
	mount_copy(&copy, &fs);
	CHECK_EQ(disk_get(fs, "log", s_back, sizeof s_back, 0), sizeof s_back);
	CHECK(memcmp(s_data, s_back, sizeof s_data) == 0);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	disk_destroy(&copy);
	end();
}

TEST(small_and_large_transfers_see_each_other)
{
	static uint8_t s_data[256 << 10], s_back[256 << 10];
	uint64_t random = 88172645463325252;
	for (size_t kind = 0; kind < ARRAY_SIZE(s_kinds); kind++) {
		begin(s_kinds[kind], 8 * MIB);
		memset(s_data, 0, sizeof s_data);
		CHECK_EQ(disk_put(s_fs, "file", s_data, sizeof s_data, 0), AX_OK);
		for (int i = 0; i < 300; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			const size_t from = (random >> 33) % sizeof s_data & (i % 3 ? ~(size_t)0 : ~(size_t)4095);
			const size_t most = AX_MIN(sizeof s_data - from, (size_t)(i % 2 ? 3000 : 100000));
			const size_t bytes = 1 + (random >> 13) % most;
			memset(s_data + from, i, bytes);
			CHECK_EQ(disk_put(s_fs, "file", s_data + from, bytes, from), AX_OK);
			const size_t at = (random >> 23) % sizeof s_data;
			const size_t wanted = AX_MIN(sizeof s_data - at, (size_t)(i % 5 ? 5000 : 90000));
			CHECK_EQ(disk_get(s_fs, "file", s_back, wanted, at), wanted);
			CHECK(memcmp(s_back, s_data + at, wanted) == 0);
		}
		again();
		CHECK_EQ(disk_get(s_fs, "file", s_back, sizeof s_back, 0), sizeof s_back);
		CHECK(memcmp(s_back, s_data, sizeof s_data) == 0);
		end();
	}
}

TEST(a_directory_that_is_synced_has_its_entries_on_the_disk)
{
	disk_t copy;
	vfs_t *fs;
	vfs_node_t *node;
	begin("mke2fs -q -t ext4 -b 1024 {}", 8 * MIB);
	CHECK_EQ(disk_put(s_fs, "gone", "x", 1, 0), AX_OK);
	CHECK_EQ(s_fs->ops->sync(s_fs), AX_OK);
	CHECK_EQ(disk_remove(s_fs, "gone"), AX_OK);
	CHECK_EQ(disk_sync_file(s_fs, "", true), AX_OK);
	mount_copy(&copy, &fs);
	CHECK_EQ(disk_walk(fs, "gone", &node), AX_ERR_NOT_FOUND);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	disk_destroy(&copy);
	end();
}

TEST(a_directory_that_contains_itself_ends_every_call)
{
	vfs_node_t *node, *again_node;
	uint8_t byte;
	begin("f={}; do_() { debugfs -w -R \"$1\" $f 2>/dev/null; }; mke2fs -q -t ext4 -b 1024 $f && do_ 'mkdir a' && do_ 'mkdir a/b' && "
	      "do_ 'ln a a/b/a'", 8 * MIB);
	CHECK_EQ(disk_walk(s_fs, "a", &node), AX_OK);
	CHECK_EQ(disk_walk(s_fs, "a/b/a/b/a", &again_node), AX_OK);
	CHECK(node == again_node);
	vfs_node_put(again_node);
	vfs_node_put(node);
	CHECK_EQ(disk_put(s_fs, "a/b/a/b/file", "x", 1, 0), AX_OK);
	CHECK_EQ(disk_get(s_fs, "a/b/file", &byte, 1, 0), 1);
	CHECK_EQ(disk_remove(s_fs, "a/b/a"), AX_ERR_NOT_EMPTY);
	CHECK_EQ(disk_rename(s_fs, "a/b/a/b/file", "a/file"), AX_OK);
	CHECK_EQ(disk_get(s_fs, "a/b/a/file", &byte, 1, 0), 1);
	again();
	CHECK_EQ(disk_get(s_fs, "a/b/a/b/a/file", &byte, 1, 0), 1);
	CHECK_EQ(s_fs->ops->unmount(s_fs), AX_OK);
	disk_destroy(&s_disk);
}

/* A transaction of the superblock, sound but for what is mounted: 2,048 blocks of 4,096 bytes, not 8,192 of 1,024. */
TEST(a_journal_that_changes_the_size_of_blocks_is_refused)
{
	extfs_trouble_t trouble;
	uint8_t *image = disk_make_image(
		"f={}; s=$f.super; put() { printf \"$1\" | dd of=$s bs=1 seek=$2 conv=notrunc status=none; };"
		"mke2fs -q -t ext4 -b 1024 -O ^metadata_csum,^64bit $f && dd if=$f of=$s bs=1024 skip=1 count=1 status=none &&"
		"put '\\000\\010' 4 && put '\\000' 20 && put '\\002' 24 &&"
		"printf 'jo\\njw -b 1 %s\\njc\\n' $s | debugfs -w $f >/dev/null 2>&1 && rm $s", 8 * MIB);
	disk_init(&s_disk, image, 8 * MIB);
	CHECK_EQ(extfs_mount(&s_disk.device, &s_disk_host, 0, "disk", &trouble, &s_fs), AX_ERR_IO);
	CHECK(strcmp(trouble.what, "superblock in the journal") == 0);
	disk_destroy(&s_disk);
}
