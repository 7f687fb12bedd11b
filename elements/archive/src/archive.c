/* SPDX-License-Identifier: Apache-2.0 */
/* The file system's operations. Nothing changes, so nothing needs a lock. */
#include "tree.h"

#include <base/base.h>
#include <memstr/memstr.h>

const vfs_ops_t archive_ops = ARCHIVE_OPS;

static archive_t *archive_of(vfs_t *fs)
{
	return container_of(fs, archive_t, fs);
}

static archive_node_t *node_of(vfs_node_t *node)
{
	return container_of(node, archive_node_t, node);
}

void archive_init_node(archive_t *self, archive_node_t *node, archive_node_t *parent, uint32_t mode)
{
	*node = (archive_node_t){
		.node = { .ops = &archive_ops, .fs = &self->fs, .references = 1, .mode = mode, .number = ++self->last_number,
			  .links = (mode & VFS_TYPE_MASK) == VFS_DIRECTORY ? 2 : 1 },
		.parent = parent,
	};
	node->end = &node->first;
}

/* FNV-1a over the name, from the directory's number on. */
static archive_node_t **chain_of(archive_t *self, const archive_node_t *directory, const char *name, size_t bytes)
{
	uint32_t hash = 2166136261u ^ (uint32_t)directory->node.number * 0x9e3779b9u;
	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return &self->chains[hash % ARCHIVE_CHAINS];
}

archive_node_t *archive_find(archive_t *self, const archive_node_t *directory, const char *name, size_t bytes)
{
	archive_node_t *node = *chain_of(self, directory, name, bytes);
	while (node && (node->parent != directory || node->name_bytes != bytes || memcmp(node->name, name, bytes) != 0))
		node = node->chain;
	return node;
}

ax_err_t archive_add(archive_t *self, archive_node_t *directory, const char *name, size_t bytes, uint32_t mode,
		     archive_node_t **added)
{
	archive_node_t *node = self->fs.host->allocate(sizeof *node);
	if (!node)
		return AX_ERR_NO_MEMORY;
	archive_init_node(self, node, directory, mode);
	node->name = name;
	node->name_bytes = bytes;
	archive_node_t **chain = chain_of(self, directory, name, bytes);
	node->chain = *chain;
	*chain = node;
	*directory->end = node;
	directory->end = &node->next;
	if (vfs_is_directory(&node->node))
		directory->node.links++;
	*added = node;
	return AX_OK;
}

void archive_free(archive_t *self)
{
	const vfs_host_t *host = self->fs.host;
	for (size_t i = 0; i < ARCHIVE_CHAINS; i++) {
		for (archive_node_t *node = self->chains[i], *next; node; node = next) {
			next = node->chain;
			host->free(node);
		}
	}
	host->free(self);
}

static ax_err_t add_directories(archive_t *self, const char *const *names, size_t count)
{
	archive_node_t *node;
	ax_err_t error = AX_OK;
	for (size_t i = 0; i < count && error == AX_OK; i++) {
		const size_t bytes = strlen(names[i]);
		if (!archive_find(self, &self->root, names[i], bytes))
			error = archive_add(self, &self->root, names[i], bytes, VFS_DIRECTORY | 0755, &node);
	}
	return error;
}

ax_err_t archive_mount(const vfs_host_t *host, const void *archive, size_t bytes, const char *const *directories,
		       size_t directory_count, vfs_t **fs)
{
	archive_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (archive_t){ .fs = { .ops = &archive_ops, .host = host, .kind = "archive", .source = "archive",
				     .flags = VFS_READ_ONLY, .block_bytes = 4096 }, .bytes = bytes };
	archive_init_node(self, &self->root, &self->root, VFS_DIRECTORY | 0755);
	self->fs.root = &self->root.node;
	ax_err_t error = archive_build(self, archive, bytes);
	if (error == AX_OK)
		error = add_directories(self, directories, directory_count);
	if (error != AX_OK) {
		archive_free(self);
		return error;
	}
	*fs = &self->fs;
	return AX_OK;
}

ax_err_t archive_unmount(vfs_t *fs)
{
	archive_free(archive_of(fs));
	return AX_OK;
}

ax_err_t archive_statfs(vfs_t *fs, vfs_statfs_t *stat)
{
	enum { RAMFS_MAGIC = 0x858458f6 }; /* Linux include/uapi/linux/magic.h: it has none for this */
	const archive_t *self = archive_of(fs);
	*stat = (vfs_statfs_t){ .block_bytes = 4096, .blocks = self->bytes / 4096 + (self->bytes % 4096 != 0),
				.nodes = self->last_number, .name_max = VFS_NAME_MAX, .magic = RAMFS_MAGIC };
	return AX_OK;
}

ax_err_t archive_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	archive_node_t *found = archive_find(archive_of(directory->fs), node_of(directory), name, name_bytes);
	if (!found)
		return AX_ERR_NOT_FOUND;
	vfs_node_get(&found->node);
	*node = &found->node;
	return AX_OK;
}

ax_err_t archive_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	for (archive_node_t *node = node_of(directory)->first; node; node = node->next) {
		if (node->node.number <= cookie) /* numbers rise along the list */
			continue;
		if (!emit(context, &(vfs_entry_t){ node->name, node->name_bytes, node->node.number, vfs_type(&node->node),
						   node->node.number }))
			break;
	}
	return AX_OK;
}

ax_err_t archive_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	*done = offset < node->size ? (size_t)AX_MIN((uint64_t)bytes, node->size - offset) : 0;
	if (*done)
		memcpy(buffer, node_of(node)->data + offset, *done);
	return AX_OK;
}

ax_err_t archive_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes)
{
	return archive_read(node, buffer, capacity, 0, bytes);
}
