/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory: a list, in the order of adding. Nodes live as long as the file system, which holds a reference to
 * each.
 */
#include "devfs_internal.h"

#include <base/base.h>
#include <memstr/memstr.h>

typedef struct devfs_node {
	vfs_node_t node;
	const char *name;
	const devfs_device_t *device; /* NULL: the root, or a link */
	const char *target;           /* of a link */
	devfs_free_t *free;
	struct devfs_node *next;
} devfs_node_t;

typedef struct devfs {
	vfs_t fs;
	devfs_node_t root;
	devfs_node_t *first, **end;
	uint64_t last_number;
} devfs_t;

const vfs_ops_t devfs_ops = DEVFS_OPS;

static devfs_t *devfs_of(vfs_t *fs)
{
	return container_of(fs, devfs_t, fs);
}

static void init_node(devfs_t *self, vfs_node_t *node, uint32_t mode)
{
	const int64_t now_ns = self->fs.host->now_ns();
	*node = (vfs_node_t){
		.ops = &devfs_ops, .fs = &self->fs, .references = 1, .mode = mode, .links = 1, .number = ++self->last_number,
		.accessed_ns = now_ns, .modified_ns = now_ns, .changed_ns = now_ns, .created_ns = now_ns,
	};
}

static void free_all(devfs_t *self)
{
	const vfs_host_t *host = self->fs.host;
	for (devfs_node_t *node = self->first, *next; node; node = next) {
		next = node->next;
		if (node->free)
			node->free(host, node->device);
		host->free(node);
	}
	host->free(self);
}

ax_err_t devfs_mount(const vfs_host_t *host, ax_err_t (*random)(void *buffer, size_t bytes), vfs_t **fs)
{
	devfs_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (devfs_t){ .fs = { .ops = &devfs_ops, .host = host, .kind = "devfs", .source = "devfs", .block_bytes = 4096 } };
	self->end = &self->first;
	init_node(self, &self->root.node, VFS_DIRECTORY | 0755);
	self->root.node.links = 2;
	self->fs.root = &self->root.node;
	ax_err_t error = devfs_add_standard(&self->fs, random);
	if (error != AX_OK) {
		free_all(self);
		return error;
	}
	*fs = &self->fs;
	return AX_OK;
}

static devfs_node_t *find(devfs_t *self, const char *name, size_t bytes)
{
	devfs_node_t *node = self->first;
	while (node && (strlen(node->name) != bytes || memcmp(node->name, name, bytes) != 0))
		node = node->next;
	return node;
}

static ax_err_t add(devfs_t *self, const char *name, uint32_t mode, devfs_node_t **added)
{
	if (find(self, name, strlen(name)))
		return AX_ERR_ALREADY_EXISTS;
	devfs_node_t *node = self->fs.host->allocate(sizeof *node);
	if (!node)
		return AX_ERR_NO_MEMORY;
	*node = (devfs_node_t){ .name = name };
	init_node(self, &node->node, mode);
	*self->end = node;
	self->end = &node->next;
	*added = node;
	return AX_OK;
}

ax_err_t devfs_add_owned(vfs_t *fs, const devfs_device_t *device, devfs_free_t *free)
{
	devfs_node_t *node;
	ax_err_t error = add(devfs_of(fs), device->name, device->mode, &node);
	if (error != AX_OK)
		return error;
	node->device = device;
	node->free = free;
	node->node.device = device->number;
	node->node.flags = device->flags;
	return AX_OK;
}

ax_err_t devfs_add(vfs_t *fs, const devfs_device_t *device)
{
	return devfs_add_owned(fs, device, NULL);
}

ax_err_t devfs_add_link(vfs_t *fs, const char *name, const char *target)
{
	devfs_node_t *node;
	ax_err_t error = add(devfs_of(fs), name, VFS_SYMLINK | 0777, &node);
	if (error != AX_OK)
		return error;
	node->target = target;
	node->node.size = strlen(target);
	return AX_OK;
}

ax_err_t devfs_unmount(vfs_t *fs)
{
	free_all(devfs_of(fs));
	return AX_OK;
}

const devfs_device_t *devfs_device_of(const vfs_node_t *node)
{
	return node->ops == &devfs_ops ? container_of(node, devfs_node_t, node)->device : NULL;
}

ax_err_t devfs_load_attributes(vfs_node_t *node)
{
	const devfs_device_t *device = devfs_device_of(node);
	if (device && device->size)
		node->size = device->size(device);
	return AX_OK;
}

ax_err_t devfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	devfs_node_t *found = find(devfs_of(directory->fs), name, name_bytes);
	if (!found)
		return AX_ERR_NOT_FOUND;
	vfs_node_get(&found->node);
	*node = &found->node;
	return AX_OK;
}

ax_err_t devfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	for (devfs_node_t *node = devfs_of(directory->fs)->first; node; node = node->next) {
		if (node->node.number <= cookie) /* numbers rise along the list */
			continue;
		if (!emit(context, &(vfs_entry_t){ node->name, strlen(node->name), node->node.number, vfs_type(&node->node),
						   node->node.number }))
			break;
	}
	return AX_OK;
}

ax_err_t devfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	const devfs_device_t *device = devfs_device_of(node);
	*done = 0;
	return device->read ? device->read(device, buffer, bytes, offset, done) : AX_OK;
}

ax_err_t devfs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	const devfs_device_t *device = devfs_device_of(node);
	*done = 0;
	return device->write ? device->write(device, data, bytes, offset, done) : AX_ERR_NOT_PERMITTED;
}

ax_err_t devfs_fsync(vfs_node_t *node, [[maybe_unused]] bool data_only)
{
	const devfs_device_t *device = devfs_device_of(node);
	return device && device->sync ? device->sync(device) : AX_OK;
}

ax_err_t devfs_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes)
{
	*bytes = (size_t)AX_MIN(node->size, (uint64_t)capacity);
	memcpy(buffer, container_of(node, devfs_node_t, node)->target, *bytes);
	return AX_OK;
}

ax_err_t devfs_control(vfs_node_t *node, unsigned long request, void *argument)
{
	const devfs_device_t *device = devfs_device_of(node);
	return device && device->control ? device->control(device, request, argument) : AX_ERR_NOT_A_TERMINAL;
}
