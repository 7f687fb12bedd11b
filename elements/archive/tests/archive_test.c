/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was packed is there, read-only and in place; what makes no sense is left out, and a spoilt archive does no harm.
 */
#include "../../axfs_vfs/tests/host.h"

#include <archive/archive.h>
#include <axtest.h>

static char s_archive[4096];
static size_t s_bytes;

static void append(const char *name, unsigned mode, const char *data)
{
	s_bytes += (size_t)sprintf(s_archive + s_bytes, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", 7u,
				   mode, 0u, 0u, 1u, 99u, strlen(data), 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	s_bytes += (size_t)sprintf(s_archive + s_bytes, "%s", name) + 1;
	s_bytes = (s_bytes + 3) / 4 * 4;
	memcpy(s_archive + s_bytes, data, strlen(data));
	s_bytes = (s_bytes + strlen(data) + 3) / 4 * 4;
}

static void pack(void)
{
	memset(s_archive, 0, sizeof s_archive);
	s_bytes = 0;
	append("./etc/motd", 0100644, "old");
	append("etc", 0040700, "");
	append("etc/motd", 0100640, "Hello!");
	append("etc/link", 0120777, "motd");
	append("etc/motd/below", 0100644, "over a file");
	append("../outside", 0100644, "x");
	append("etc/../up", 0100644, "x");
	append("pipe", 0010644, "");
	append("implied/deep/file", 0100644, "f");
	append("TRAILER!!!", 0, "");
}

static vfs_t *mounted(void)
{
	static const char *const directories[] = { "dev", "etc" };
	vfs_t *fs;
	pack();
	CHECK(archive_mount(&s_host, s_archive, s_bytes, directories, 2, &fs) == AX_OK);
	return fs;
}

static vfs_node_t *found(vfs_node_t *directory, const char *name)
{
	vfs_node_t *node;
	return archive_lookup(directory, name, strlen(name), &node) == AX_OK ? node : NULL;
}

static bool list(void *context, const vfs_entry_t *entry)
{
	strncat(context, entry->name, entry->name_bytes);
	strcat(context, " ");
	return true;
}

TEST(of_two_entries_of_a_name_the_last_counts_and_contents_stay_in_place)
{
	vfs_t *fs = mounted();
	vfs_node_t *motd = found(found(fs->root, "etc"), "motd");
	char text[16] = "";
	size_t done;
	CHECK_EQ(motd->mode, 0100640);
	CHECK_EQ(motd->modified_ns, 99000000000);
	CHECK(archive_read(motd, text, sizeof text, 1, &done) == AX_OK);
	CHECK_EQ(done, 5);
	CHECK_STR(text, "ello!");
	CHECK(archive_read(motd, text, 1, UINT64_MAX, &done) == AX_OK);
	CHECK_EQ(done, 0);
	CHECK_EQ(found(fs->root, "etc")->mode, 0040700);
	CHECK(archive_unmount(fs) == AX_OK);
}

TEST(a_link_gives_its_text)
{
	vfs_t *fs = mounted();
	char text[16] = "";
	size_t bytes;
	CHECK(archive_read_link(found(found(fs->root, "etc"), "link"), text, sizeof text, &bytes) == AX_OK);
	CHECK_STR(text, "motd");
	CHECK(archive_unmount(fs) == AX_OK);
}

TEST(directories_are_there_by_what_lies_in_them_and_to_mount_on)
{
	vfs_t *fs = mounted();
	char names[64] = "";
	CHECK(archive_read_directory(fs->root, 0, list, names) == AX_OK);
	CHECK_STR(names, "etc implied dev ");
	CHECK(found(found(found(fs->root, "implied"), "deep"), "file"));
	CHECK_EQ(fs->root->links, 5);
	names[0] = 0;
	CHECK(archive_read_directory(fs->root, found(fs->root, "etc")->number, list, names) == AX_OK);
	CHECK_STR(names, "implied dev ");
	CHECK(archive_unmount(fs) == AX_OK);
}

TEST(a_spoilt_archive_is_refused_or_read_within_its_bounds)
{
	pack();
	for (size_t i = 0; i < s_bytes; i++) {
		vfs_t *fs;
		char *copy = malloc(s_bytes);
		memcpy(copy, s_archive, s_bytes);
		copy[i] ^= (char)(1 << i % 8);
		if (archive_mount(&s_host, copy, s_bytes, NULL, 0, &fs) == AX_OK)
			CHECK(archive_unmount(fs) == AX_OK);
		free(copy);
	}
	for (size_t bytes = 0; bytes < s_bytes; bytes++) {
		vfs_t *fs;
		char *copy = malloc(bytes + 1);
		memcpy(copy, s_archive, bytes);
		if (archive_mount(&s_host, copy, bytes, NULL, 0, &fs) == AX_OK)
			CHECK(archive_unmount(fs) == AX_OK);
		free(copy);
	}
}

TEST(without_memory_there_is_no_mount_and_nothing_leaks)
{
	vfs_t *fs;
	pack();
	for (size_t left = 0;; left++) {
		s_allocations_left = left;
		ax_err_t error = archive_mount(&s_host, s_archive, s_bytes, NULL, 0, &fs);
		s_allocations_left = SIZE_MAX;
		if (error == AX_OK)
			break;
		CHECK(error == AX_ERR_NO_MEMORY);
	}
	CHECK(archive_unmount(fs) == AX_OK);
}
