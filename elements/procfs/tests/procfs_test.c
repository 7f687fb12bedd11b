/* SPDX-License-Identifier: Apache-2.0 */
/* A text is the same in one piece or in many. */
#include "../../axfs_vfs/tests/host.h"

#include <axtest.h>
#include <procfs/procfs.h>

static void print_numbers(procfs_text_t *text, void *context)
{
	for (int i = 0; i < 50; i++)
		procfs_print(text, "%s %d\n", (const char *)context, i);
}

static void print_nothing([[maybe_unused]] procfs_text_t *text, [[maybe_unused]] void *context)
{
}

static vfs_node_t *mounted(vfs_t **fs, const char *name)
{
	vfs_node_t *node;
	CHECK(procfs_mount(&s_host, fs) == AX_OK);
	CHECK(procfs_add(*fs, "numbers", print_numbers, "line") == AX_OK);
	CHECK(procfs_add(*fs, "nothing", print_nothing, NULL) == AX_OK);
	CHECK(procfs_lookup((*fs)->root, name, strlen(name), &node) == AX_OK);
	return node;
}

TEST(a_text_is_the_same_in_pieces_of_any_size)
{
	char whole[1000], pieces[1000];
	vfs_t *fs;
	vfs_node_t *node = mounted(&fs, "numbers");
	size_t bytes, done;
	CHECK(procfs_read(node, whole, sizeof whole, 0, &bytes) == AX_OK);
	CHECK(bytes > 300 && memcmp(whole, "line 0\nline 1\n", 14) == 0 && whole[bytes - 1] == '\n');
	for (size_t size = 1; size < 40; size++) {
		size_t at = 0;
		do {
			CHECK(procfs_read(node, pieces + at, size, at, &done) == AX_OK);
			at += done;
		} while (done);
		CHECK_EQ(at, bytes);
		CHECK(memcmp(pieces, whole, bytes) == 0);
	}
	CHECK(procfs_unmount(fs) == AX_OK);
}

TEST(behind_the_end_and_in_an_empty_text_is_nothing)
{
	char text[10];
	vfs_t *fs;
	size_t done;
	CHECK(procfs_read(mounted(&fs, "numbers"), text, sizeof text, 100000, &done) == AX_OK);
	CHECK_EQ(done, 0);
	CHECK(procfs_unmount(fs) == AX_OK);
	CHECK(procfs_read(mounted(&fs, "nothing"), text, sizeof text, 0, &done) == AX_OK);
	CHECK_EQ(done, 0);
	CHECK(procfs_unmount(fs) == AX_OK);
}

static bool list(void *context, const vfs_entry_t *entry)
{
	strncat(context, entry->name, entry->name_bytes);
	return true;
}

TEST(files_are_listed_from_a_cookie_on)
{
	char names[32] = "";
	vfs_t *fs;
	vfs_node_t *node = mounted(&fs, "numbers");
	CHECK(procfs_read_directory(fs->root, 0, list, names) == AX_OK);
	CHECK_STR(names, "numbersnothing");
	names[0] = 0;
	CHECK(procfs_read_directory(fs->root, node->number, list, names) == AX_OK);
	CHECK_STR(names, "nothing");
	CHECK(procfs_lookup(fs->root, "none", 4, &node) == AX_ERR_NOT_FOUND);
	CHECK(procfs_unmount(fs) == AX_OK);
}
