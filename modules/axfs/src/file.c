/* SPDX-License-Identifier: Apache-2.0 */
/* Open files, but for reading and writing. */
#include "attributes.h"
#include "lock.h"
#include "mounts.h"
#include "open.h"

#include <axfs/path.h>
#include <memstr/memstr.h>

static ax_err_t seek_data(const ax_file_t *file, int64_t offset, bool hole, int64_t *to)
{
	vfs_node_t *node = file->node;
	uint64_t found;
	AXFS_HOLD(node);
	if (offset < 0 || (uint64_t)offset >= node->size)
		return AX_ERR_NOT_FOUND;
	ax_err_t error = AX_OK;
	if (AXFS_OPS(node)->seek_data)
		error = AXFS_OPS(node)->seek_data(node, (uint64_t)offset, hole, &found);
	else
		found = hole ? node->size : (uint64_t)offset;
	*to = (int64_t)found;
	return error;
}

static ax_err_t target_of(const ax_file_t *file, int64_t offset, ax_seek_t from, int64_t *to)
{
	switch (from) {
	case AX_SEEK_FROM_START:
		*to = offset;
		return AX_OK;
	case AX_SEEK_FROM_POSITION:
		return __builtin_add_overflow((int64_t)file->position, offset, to) ? AX_ERR_OVERFLOW : AX_OK;
	case AX_SEEK_FROM_END:
		return __builtin_add_overflow((int64_t)file->node->size, offset, to) ? AX_ERR_OVERFLOW : AX_OK;
	case AX_SEEK_DATA_FROM:
	case AX_SEEK_HOLE_FROM:
		return seek_data(file, offset, from == AX_SEEK_HOLE_FROM, to);
	}
	return AX_ERR_INVALID_INPUT;
}

ax_err_t ax_file_seek(ax_file_t *file, int64_t offset, ax_seek_t from, uint64_t *position)
{
	int64_t to;
	if (!file->node || (file->flags & AX_OPEN_PATH))
		return AX_ERR_BAD_HANDLE;
	if (file->node->flags & VFS_STREAM)
		return AX_ERR_ILLEGAL_SEEK;
	ax_err_t error = target_of(file, offset, from, &to);
	if (error != AX_OK)
		return error;
	if (to < 0)
		return AX_ERR_INVALID_INPUT;
	file->position = (uint64_t)to;
	if (position)
		*position = file->position;
	return AX_OK;
}

ax_err_t ax_file_stat(const ax_file_t *file, ax_stat_t *stat)
{
	return file->node ? axfs_stat(file->node, stat) : AX_ERR_BAD_HANDLE;
}

ax_err_t ax_file_truncate(const ax_file_t *file, uint64_t size)
{
	if (!(file->flags & AXFS_CAN_WRITE))
		return AX_ERR_BAD_HANDLE;
	return axfs_truncate(file->node, size);
}

static ax_err_t sync_node(vfs_node_t *node, bool data_only)
{
	const vfs_ops_t *ops = AXFS_OPS(node);
	if (!data_only) {
		ax_err_t error = axfs_store_attributes(node);
		if (error != AX_OK)
			return error;
	}
	if (ops->fsync)
		return ops->fsync(node, data_only);
	return ops->sync ? ops->sync(node->fs) : AX_OK;
}

ax_err_t ax_file_sync(const ax_file_t *file, bool data_only)
{
	if (!file->node)
		return AX_ERR_BAD_HANDLE;
	if (file->flags & AXFS_IS_DEVICE) /* orders itself, and may sleep where its node's lock may not */
		return sync_node(file->node, true);
	AXFS_HOLD(file->node);
	return sync_node(file->node, data_only);
}

ax_err_t ax_file_set_mode(const ax_file_t *file, uint32_t mode)
{
	return file->node ? axfs_set_mode(file->node, mode) : AX_ERR_BAD_HANDLE;
}

ax_err_t ax_file_set_owner(const ax_file_t *file, uint32_t uid, uint32_t gid)
{
	return file->node ? axfs_set_owner(file->node, uid, gid) : AX_ERR_BAD_HANDLE;
}

ax_err_t ax_file_set_times(const ax_file_t *file, int64_t accessed_ns, int64_t modified_ns)
{
	return file->node ? axfs_set_times(file->node, accessed_ns, modified_ns) : AX_ERR_BAD_HANDLE;
}

ax_err_t ax_file_control(const ax_file_t *file, unsigned long request, void *argument)
{
	if (!file->node || (file->flags & AX_OPEN_PATH))
		return AX_ERR_BAD_HANDLE;
	if (!AXFS_OPS(file->node)->control || !(file->flags & AXFS_IS_DEVICE))
		return AX_ERR_NOT_A_TERMINAL;
	return AXFS_OPS(file->node)->control(file->node, request, argument);
}

ax_err_t ax_file_statfs(const ax_file_t *file, vfs_statfs_t *stat)
{
	return file->node ? axfs_statfs(file->node, stat) : AX_ERR_BAD_HANDLE;
}

ax_err_t ax_file_map_page(const ax_file_t *file, uint64_t offset, bool writable, void **page)
{
	vfs_node_t *node = file->node;
	if (!(file->flags & (writable ? AXFS_CAN_WRITE : AXFS_CAN_READ)))
		return AX_ERR_BAD_HANDLE;
	if (!AXFS_OPS(node)->map_page)
		return AX_ERR_NOT_SUPPORTED;
	AXFS_HOLD(node);
	ax_err_t error = AXFS_OPS(node)->map_page(node, offset, writable, page);
	if (error == AX_OK)
		vfs_node_mark(node, writable ? VFS_ACCESSED | VFS_MODIFIED | VFS_CHANGED : VFS_ACCESSED);
	return error;
}

void ax_file_unmap_page(const ax_file_t *file, uint64_t offset)
{
	AXFS_HOLD(file->node);
	AXFS_OPS(file->node)->unmap_page(file->node, offset);
}

/* The path of @p name, from the end of the buffer backwards; its start, or NULL. Lock held. */
static char *path_backwards(const axfs_name_t *name, char *buffer, size_t capacity)
{
	char *at = buffer + capacity;
	if (at == buffer)
		return NULL;
	*--at = 0;
	for (;;) {
		while ((name->flags & AXFS_NAME_ROOT) && name->mount->point)
			name = name->mount->point;
		if (!name->parent)
			break;
		if ((size_t)(at - buffer) < name->bytes + 1)
			return NULL;
		at -= name->bytes;
		memcpy(at, name->text, name->bytes);
		*--at = '/';
		name = name->parent;
	}
	if (*at)
		return at;
	if (at == buffer)
		return NULL;
	*--at = '/';
	return at;
}

static ax_err_t path_of(const axfs_name_t *name, char *buffer, size_t capacity, size_t *bytes)
{
	if (!(name->flags & (AXFS_NAME_FINDABLE | AXFS_NAME_ROOT)) && !name->node->links)
		return AX_ERR_NOT_FOUND;
	char *start = path_backwards(name, buffer, capacity);
	if (!start)
		return AX_ERR_OUT_OF_RANGE;
	*bytes = (size_t)(buffer + capacity - start) - 1;
	memmove(buffer, start, *bytes + 1);
	return AX_OK;
}

ax_err_t ax_file_path(const ax_file_t *file, char *buffer, size_t capacity, size_t *bytes)
{
	if (!file->node)
		return AX_ERR_BAD_HANDLE;
	SPIN_GUARD(&axfs_names_lock);
	return path_of(file->name, buffer, capacity, bytes);
}

ax_err_t ax_path_current(char *buffer, size_t capacity, size_t *bytes)
{
	SPIN_GUARD(&axfs_names_lock);
	return path_of(axfs_current, buffer, capacity, bytes);
}
