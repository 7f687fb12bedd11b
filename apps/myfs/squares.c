/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file system: a directory with a file for each number below 1,000, whose text is the number's square. Nodes are
 * made when they are looked up, and go with their last reference.
 */
#include <axfs/root.h>
#include <base/base.h>
#include <format/format.h>

enum { NUMBERS = 1000 };

typedef struct squares {
	vfs_t fs;
	vfs_node_t root;
} squares_t;

static ax_err_t make_node(vfs_t *fs, unsigned number, vfs_node_t **node);

/* The number that the name is, or NUMBERS. */
static unsigned number_of(const char *name, size_t bytes)
{
	unsigned number = 0;
	for (size_t i = 0; i < bytes; i++) {
		if (name[i] < '0' || name[i] > '9' || number >= NUMBERS || (i == 1 && name[0] == '0'))
			return NUMBERS;
		number = number * 10 + (unsigned)(name[i] - '0');
	}
	return number;
}

static ax_err_t lookup(vfs_node_t *directory, const char *name, size_t bytes, vfs_node_t **node)
{
	const unsigned number = number_of(name, bytes);
	return number < NUMBERS ? make_node(directory->fs, number, node) : AX_ERR_NOT_FOUND;
}

static ax_err_t read_directory([[maybe_unused]] vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	char name[8];
	for (unsigned i = (unsigned)cookie; i < 12; i++) { /* some of them */
		const int bytes = format_snprintf(name, sizeof name, "%u", i);
		if (!emit(context, &(vfs_entry_t){ name, (size_t)bytes, i + 2, VFS_REGULAR, i + 1 }))
			break;
	}
	return AX_OK;
}

static ax_err_t read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	char text[16];
	const unsigned number = (unsigned)node->number - 2;
	const size_t length = (size_t)format_snprintf(text, sizeof text, "%u\n", number * number);
	*done = 0;
	while (*done < bytes && offset + *done < length) {
		((char *)buffer)[*done] = text[offset + *done];
		++*done;
	}
	return AX_OK;
}

static void release(vfs_node_t *node)
{
	node->fs->host->free(node);
}

static const vfs_ops_t s_ops = { .lookup = lookup, .read_directory = read_directory, .read = read, .release = release };

static ax_err_t make_node(vfs_t *fs, unsigned number, vfs_node_t **node)
{
	*node = fs->host->allocate(sizeof **node);
	if (!*node)
		return AX_ERR_NO_MEMORY;
	**node = (vfs_node_t){ .ops = &s_ops, .fs = fs, .references = 1, .mode = VFS_REGULAR | 0444, .links = 1,
			       .number = number + 2 };
	return AX_OK;
}

ax_err_t axfs_root_mount(const vfs_host_t *host, vfs_t **fs)
{
	squares_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (squares_t){ .fs = { .ops = &s_ops, .host = host, .kind = "squares", .source = "squares",
				     .flags = VFS_READ_ONLY, .block_bytes = 512 } };
	self->root = (vfs_node_t){ .ops = &s_ops, .fs = &self->fs, .references = 1, .mode = VFS_DIRECTORY | 0555,
				   .links = 2, .number = 1 };
	self->fs.root = &self->root;
	*fs = &self->fs;
	return AX_OK;
}
