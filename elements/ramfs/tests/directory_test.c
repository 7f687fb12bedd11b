/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: found, listed in a stable order, removed, renamed; links are counted, and nothing leaks (the sanitizer looks).
 */
#include "host.h"

enum { MANY = 500 };

static ax_err_t unlinked(vfs_node_t *directory, const char *name)
{
	vfs_node_t *node = found(directory, name);
	if (!node)
		return AX_ERR_NOT_FOUND;
	ax_err_t error = ramfs_unlink(directory, name, strlen(name), node);
	vfs_node_put(node);
	return error;
}

static ax_err_t renamed(vfs_node_t *from, const char *from_name, vfs_node_t *to, const char *to_name)
{
	vfs_node_t *node = found(from, from_name), *replaced = found(to, to_name);
	ax_err_t error = ramfs_rename(from, from_name, strlen(from_name), node, to, to_name, strlen(to_name), replaced);
	vfs_node_put(node);
	if (replaced)
		vfs_node_put(replaced);
	return error;
}

static void make_many(vfs_node_t *directory, unsigned first, unsigned end)
{
	char name[16];
	for (unsigned i = first; i < end; i++) {
		snprintf(name, sizeof name, "file%u", i);
		vfs_node_put(made(directory, name, VFS_REGULAR | 0644));
	}
}

typedef struct listing {
	size_t room;   /* entries that it takes */
	size_t count;
	uint64_t next;
	bool seen[2 * MANY];
} listing_t;

static bool list(void *context, const vfs_entry_t *entry)
{
	listing_t *self = context;
	unsigned number;
	char name[16] = "";
	if (!self->room)
		return false;
	self->room--;
	memcpy(name, entry->name, entry->name_bytes);
	CHECK_EQ(sscanf(name, "file%u", &number), 1);
	CHECK(!self->seen[number]);
	self->seen[number] = true;
	self->count++;
	self->next = entry->next;
	return true;
}

TEST(a_name_leads_to_its_node_and_to_no_other)
{
	vfs_t *fs = mounted(0);
	make_many(fs->root, 0, MANY);
	vfs_node_t *one = found(fs->root, "file17"), *other = found(fs->root, "file170");
	CHECK(one && other && one != other && one->number != other->number);
	CHECK(!found(fs->root, "file"));
	vfs_node_put(one);
	vfs_node_put(other);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_listing_sees_every_entry_once_whatever_comes_and_goes_meanwhile)
{
	static listing_t listing;
	listing = (listing_t){ 0 };
	vfs_t *fs = mounted(0);
	char name[16];
	make_many(fs->root, 0, MANY);
	for (unsigned step = 0; listing.next == 0 || listing.room == 0; step++) {
		listing.room = 10;
		CHECK(ramfs_read_directory(fs->root, listing.next, list, &listing) == AX_OK);
		snprintf(name, sizeof name, "file%u", step * 7); /* removed, some before it was seen */
		if (step * 7 < MANY)
			CHECK(unlinked(fs->root, name) == AX_OK);
		if (MANY + step < 2 * MANY)
			make_many(fs->root, MANY + step, MANY + step + 1);
	}
	for (unsigned i = 0; i < MANY; i++)
		CHECK(listing.seen[i] || i % 7 == 0);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(links_are_counted_and_the_last_one_frees_the_file_when_nobody_uses_it)
{
	vfs_t *fs = mounted(0);
	vfs_statfs_t stat;
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	CHECK_EQ(file->links, 1);
	CHECK(ramfs_link(fs->root, "b", 1, file) == AX_OK);
	CHECK_EQ(file->links, 2);
	CHECK(unlinked(fs->root, "a") == AX_OK);
	CHECK(unlinked(fs->root, "b") == AX_OK);
	CHECK_EQ(file->links, 0);
	CHECK(ramfs_link(fs->root, "c", 1, file) == AX_ERR_NOT_FOUND);
	CHECK(ramfs_statfs(fs, &stat) == AX_OK);
	CHECK_EQ(stat.nodes, 2); /* still ours */
	vfs_node_put(file);
	CHECK(ramfs_statfs(fs, &stat) == AX_OK);
	CHECK_EQ(stat.nodes, 1);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_directory_counts_those_in_it_and_goes_only_when_empty)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *directory = made(fs->root, "d", VFS_DIRECTORY | 0755);
	CHECK_EQ(directory->links, 2);
	CHECK_EQ(fs->root->links, 3);
	vfs_node_put(made(directory, "e", VFS_DIRECTORY | 0755));
	CHECK_EQ(directory->links, 3);
	CHECK(unlinked(fs->root, "d") == AX_ERR_NOT_EMPTY);
	CHECK(unlinked(directory, "e") == AX_OK);
	CHECK(unlinked(fs->root, "d") == AX_OK);
	CHECK_EQ(directory->links, 0);
	const vfs_new_t what = { .mode = VFS_REGULAR | 0644 };
	vfs_node_t *late;
	CHECK(ramfs_create(directory, "x", 1, &what, &late) == AX_ERR_NOT_FOUND);
	vfs_node_put(directory);
	CHECK_EQ(fs->root->links, 2);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_rename_replaces_a_file_and_an_empty_directory)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *a = made(fs->root, "a", VFS_REGULAR | 0644);
	vfs_node_t *d = made(fs->root, "d", VFS_DIRECTORY | 0755);
	vfs_node_put(made(d, "b", VFS_REGULAR | 0644));
	CHECK(renamed(fs->root, "a", d, "b") == AX_OK);
	vfs_node_t *now = found(d, "b");
	CHECK(now == a && !found(fs->root, "a"));
	CHECK_EQ(a->links, 1);
	vfs_node_put(now);
	vfs_node_put(made(fs->root, "e", VFS_DIRECTORY | 0755));
	CHECK(renamed(fs->root, "e", fs->root, "d") == AX_ERR_NOT_EMPTY);
	CHECK(renamed(fs->root, "d", fs->root, "e") == AX_OK);
	CHECK_EQ(fs->root->links, 3);
	CHECK_EQ(d->links, 2);
	vfs_node_put(a);
	vfs_node_put(d);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_directory_that_moves_takes_its_link_along)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *a = made(fs->root, "a", VFS_DIRECTORY | 0755), *b = made(fs->root, "b", VFS_DIRECTORY | 0755);
	vfs_node_put(made(a, "c", VFS_DIRECTORY | 0755));
	CHECK(renamed(a, "c", b, "c") == AX_OK);
	CHECK_EQ(a->links, 2);
	CHECK_EQ(b->links, 3);
	vfs_node_put(a);
	vfs_node_put(b);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(without_memory_nothing_is_made_and_nothing_is_lost)
{
	const vfs_new_t what = { .mode = VFS_SYMLINK | 0777, .target = "there", .target_bytes = 5 };
	vfs_t *fs = mounted(0);
	make_many(fs->root, 0, 8);
	for (size_t left = 0;; left++) {
		vfs_node_t *node;
		s_allocations_left = left;
		ax_err_t error = ramfs_create(fs->root, "link", 4, &what, &node);
		s_allocations_left = SIZE_MAX;
		if (error == AX_OK) {
			vfs_node_put(node);
			break;
		}
		CHECK(error == AX_ERR_NO_SPACE && !found(fs->root, "link") && left < 10);
	}
	vfs_node_t *still = found(fs->root, "file7");
	CHECK(still);
	vfs_node_put(still);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_deep_tree_is_taken_down_without_recursion)
{
	enum { DEPTH = 20000 };
	vfs_t *fs = mounted(0);
	vfs_node_t *at = fs->root;
	vfs_node_get(at);
	for (int i = 0; i < DEPTH; i++) {
		vfs_node_t *below = made(at, "d", VFS_DIRECTORY | 0755);
		vfs_node_put(at);
		at = below;
	}
	vfs_node_put(at);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_symbolic_link_keeps_its_text)
{
	const vfs_new_t what = { .mode = VFS_SYMLINK | 0777, .target = "../there", .target_bytes = 8 };
	vfs_t *fs = mounted(0);
	vfs_node_t *node;
	char text[16] = "";
	size_t bytes;
	CHECK(ramfs_create(fs->root, "link", 4, &what, &node) == AX_OK);
	CHECK_EQ(node->size, 8);
	CHECK(ramfs_read_link(node, text, sizeof text, &bytes) == AX_OK);
	CHECK_EQ(bytes, 8);
	CHECK_STR(text, "../there");
	CHECK(ramfs_read_link(node, text, 2, &bytes) == AX_OK);
	CHECK_EQ(bytes, 2);
	vfs_node_put(node);
	CHECK(ramfs_unmount(fs) == AX_OK);
}
