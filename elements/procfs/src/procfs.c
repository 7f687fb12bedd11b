/* SPDX-License-Identifier: Apache-2.0 */
/* The directory is a list, in the order of adding; nodes live as long as the file system. */
#include <procfs/procfs.h>

#include <base/base.h>
#include <format/format.h>
#include <memstr/memstr.h>

typedef struct procfs_node {
	vfs_node_t node;
	const char *name;
	procfs_print_t *print;
	void *context;
	struct procfs_node *next;
} procfs_node_t;

typedef struct procfs {
	vfs_t fs;
	vfs_node_t root;
	procfs_node_t *first, **end;
	uint64_t last_number;
} procfs_t;

const vfs_ops_t procfs_ops = PROCFS_OPS;

static procfs_t *procfs_of(vfs_t *fs)
{
	return container_of(fs, procfs_t, fs);
}

static void init_node(procfs_t *self, vfs_node_t *node, uint32_t mode, uint32_t links)
{
	const int64_t now_ns = self->fs.host->now_ns();
	*node = (vfs_node_t){
		.ops = &procfs_ops, .fs = &self->fs, .references = 1, .mode = mode, .links = links,
		.number = ++self->last_number, .accessed_ns = now_ns, .modified_ns = now_ns, .changed_ns = now_ns,
		.created_ns = now_ns,
	};
}

ax_err_t procfs_mount(const vfs_host_t *host, vfs_t **fs)
{
	procfs_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (procfs_t){ .fs = { .ops = &procfs_ops, .host = host, .kind = "procfs", .source = "procfs",
				    .flags = VFS_READ_ONLY, .block_bytes = 4096 } };
	self->end = &self->first;
	init_node(self, &self->root, VFS_DIRECTORY | 0555, 2);
	self->fs.root = &self->root;
	*fs = &self->fs;
	return AX_OK;
}

ax_err_t procfs_add(vfs_t *fs, const char *name, procfs_print_t *print, void *context)
{
	procfs_t *self = procfs_of(fs);
	procfs_node_t *node = fs->host->allocate(sizeof *node);
	if (!node)
		return AX_ERR_NO_MEMORY;
	*node = (procfs_node_t){ .name = name, .print = print, .context = context };
	init_node(self, &node->node, VFS_REGULAR | 0444, 1);
	*self->end = node;
	self->end = &node->next;
	return AX_OK;
}

ax_err_t procfs_unmount(vfs_t *fs)
{
	procfs_t *self = procfs_of(fs);
	const vfs_host_t *host = fs->host;
	for (procfs_node_t *node = self->first, *next; node; node = next) {
		next = node->next;
		host->free(node);
	}
	host->free(self);
	return AX_OK;
}

ax_err_t procfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	for (procfs_node_t *found = procfs_of(directory->fs)->first; found; found = found->next) {
		if (strlen(found->name) == name_bytes && memcmp(found->name, name, name_bytes) == 0) {
			vfs_node_get(&found->node);
			*node = &found->node;
			return AX_OK;
		}
	}
	return AX_ERR_NOT_FOUND;
}

ax_err_t procfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	for (procfs_node_t *node = procfs_of(directory->fs)->first; node; node = node->next) {
		if (node->node.number <= cookie) /* numbers rise along the list */
			continue;
		if (!emit(context, &(vfs_entry_t){ node->name, strlen(node->name), node->node.number, VFS_REGULAR,
						   node->node.number }))
			break;
	}
	return AX_OK;
}

ax_err_t procfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	const procfs_node_t *self = container_of(node, procfs_node_t, node);
	procfs_text_t text = { .start = offset, .window = buffer, .bytes = bytes };
	self->print(&text, self->context);
	*done = text.filled;
	return AX_OK;
}

void procfs_put(procfs_text_t *text, const char *bytes, size_t count)
{
	const uint64_t position = text->position;
	text->position += count;
	if (text->position <= text->start || text->filled == text->bytes)
		return;
	const size_t skip = position < text->start ? (size_t)(text->start - position) : 0;
	const size_t taken = AX_MIN(count - skip, text->bytes - text->filled);
	memcpy(text->window + text->filled, bytes + skip, taken);
	text->filled += taken;
}

static void put(void *context, const char *bytes, size_t count)
{
	procfs_put(context, bytes, count);
}

void procfs_print(procfs_text_t *text, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	format_v(put, text, format, arguments);
	va_end(arguments);
}
