/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For fuzzers of file systems on disks: an input says which words of a good image become what, and what is then done with
 * it. Its first byte chooses the image, its second the operations; then six bytes each: which of the image's words that
 * are not zero (two bytes, modulo their number), and its new value.
 *
 * Whatever the image says, each call must end, within its memory; what it returns does not matter.
 */
#pragma once

#include <axdisk_work.h>

/* cmocka's, without cmocka. */
void _assert_true(const LargestIntegralType result, const char *const expression, const char *const file, const int line)
{
	if (!result) {
		fprintf(stderr, "%s:%d: %s\n", file, line, expression);
		abort();
	}
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b, const char *const file, const int line)
{
	_assert_true(a == b, "equal", file, line);
}

enum { FUZZ_WALK_DEPTH = 5, FUZZ_ENTRIES = 40, FUZZ_RECORD = 6 };

typedef struct fuzz_image {
	uint8_t *bytes;
	size_t size;
	uint32_t *words; /* of those that are not zero */
	size_t word_count;
} fuzz_image_t;

[[maybe_unused]] static void fuzz_image_init(fuzz_image_t *self, uint8_t *bytes, size_t size)
{
	*self = (fuzz_image_t){ bytes, size, malloc(size), 0 };
	for (uint32_t i = 0; i < size / 4; i++) {
		uint32_t word;
		memcpy(&word, bytes + 4 * (size_t)i, sizeof word);
		if (word)
			self->words[self->word_count++] = i;
	}
}

[[maybe_unused]] static void fuzz_image_change(const fuzz_image_t *self, uint8_t *copy, const uint8_t *data, size_t bytes)
{
	for (; bytes >= FUZZ_RECORD; data += FUZZ_RECORD, bytes -= FUZZ_RECORD) {
		const size_t index = ((size_t)data[0] << 8 | data[1]) % self->word_count;
		memcpy(copy + 4 * (size_t)self->words[index], data + 2, 4);
	}
}

typedef struct fuzz_names {
	char name[FUZZ_ENTRIES][VFS_NAME_MAX + 1];
	size_t count;
} fuzz_names_t;

static bool fuzz_take_name(void *context, const vfs_entry_t *entry)
{
	fuzz_names_t *names = context;
	if (names->count == FUZZ_ENTRIES || entry->name_bytes > VFS_NAME_MAX)
		return false;
	memcpy(names->name[names->count], entry->name, entry->name_bytes);
	names->name[names->count++][entry->name_bytes] = 0;
	return true;
}

#define FUZZ_TRY(call)                  \
	do {                            \
		ax_err_t tried_ = call; \
		(void)tried_;           \
	} while (0)

static void fuzz_use_file(vfs_t *fs, vfs_node_t *node, uint8_t what)
{
	static uint8_t s_buffer[6000];
	size_t done;
	uint64_t found;
	FUZZ_TRY(fs->ops->read(node, s_buffer, sizeof s_buffer, 0, &done));
	FUZZ_TRY(fs->ops->read(node, s_buffer, sizeof s_buffer, node->size > 3000 ? node->size - 3000 : 0, &done));
	if (fs->ops->seek_data)
		FUZZ_TRY(fs->ops->seek_data(node, 0, true, &found));
	if (what & 1)
		FUZZ_TRY(fs->ops->write(node, s_buffer, 1500, node->size > 100000 ? 5000 : node->size, &done));
	if (what & 2)
		FUZZ_TRY(fs->ops->truncate(node, node->size / 3));
	if (what & 4)
		FUZZ_TRY(fs->ops->fsync(node, false));
}

static void fuzz_walk(vfs_t *fs, vfs_node_t *directory, uint8_t what, int depth)
{
	fuzz_names_t *names = malloc(sizeof *names);
	names->count = 0;
	FUZZ_TRY(fs->ops->read_directory(directory, 0, fuzz_take_name, names));
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->name[i];
		vfs_node_t *node;
		if (strlen(name) == 0 || fs->ops->lookup(directory, name, strlen(name), &node))
			continue;
		if (vfs_is_directory(node) && depth)
			fuzz_walk(fs, node, what, depth - 1);
		else if (vfs_is_regular(node))
			fuzz_use_file(fs, node, what);
		if (what & 8 && i % 2)
			FUZZ_TRY(fs->ops->unlink(directory, name, strlen(name), node));
		vfs_node_put(node);
	}
	free(names);
}

/** All that a user may do with a mounted file system, as @p what has bits set. */
[[maybe_unused]] static void fuzz_use(vfs_t *fs, uint8_t what)
{
	vfs_statfs_t stat = { 0 };
	fuzz_walk(fs, fs->root, what, FUZZ_WALK_DEPTH);
	if (fs->ops->statfs)
		FUZZ_TRY(fs->ops->statfs(fs, &stat));
	if (what & 16) {
		FUZZ_TRY(disk_make(fs, "new directory", VFS_DIRECTORY | 0755, NULL));
		FUZZ_TRY(disk_put(fs, "new directory/file", "contents", 8, 70000));
		FUZZ_TRY(disk_rename(fs, "a", "new directory/file"));
		FUZZ_TRY(disk_rename(fs, "dir", "new directory/moved"));
	}
	if (what & 32)
		FUZZ_TRY(fs->ops->sync(fs));
	FUZZ_TRY(fs->ops->unmount(fs));
}

/** Mount @p device: a damaged one, or, the first time, a good one. */
typedef ax_err_t fuzz_mount_t(block_device_t *device, bool is_good, vfs_t **fs);

/** An image of @p bytes by @p command, worked on. @p clean false: as a loss of power leaves it. */
[[maybe_unused]] static void fuzz_image_make(fuzz_image_t *image, const char *command, size_t bytes, fuzz_mount_t *mount, bool clean)
{
	static work_t s_work;
	disk_t disk;
	vfs_t *fs;
	disk_init(&disk, disk_make_image(command, bytes), bytes);
	CHECK_EQ(mount(&disk.device, true, &fs), AX_OK);
	work_run(&s_work, fs, &disk, 5, 120);
	CHECK_EQ(fs->ops->sync(fs), AX_OK);
	if (!clean)
		disk.writes_left = 0;
	ax_err_t error = fs->ops->unmount(fs);
	CHECK(clean == !error);
	fuzz_image_init(image, disk.image, bytes);
}

/** One input. */
[[maybe_unused]] static void fuzz_one(const uint8_t *data, size_t bytes, const fuzz_image_t *images, size_t count, fuzz_mount_t *mount)
{
	disk_t disk;
	vfs_t *fs;
	if (bytes < 2)
		return;
	const fuzz_image_t *image = &images[data[0] % count];
	uint8_t *copy = malloc(image->size);
	memcpy(copy, image->bytes, image->size);
	fuzz_image_change(image, copy, data + 2, bytes - 2);
	disk_init(&disk, copy, image->size);
	if (mount(&disk.device, false, &fs) == AX_OK)
		fuzz_use(fs, data[1]);
	free(copy);
}
