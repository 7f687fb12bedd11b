/* SPDX-License-Identifier: Apache-2.0 */
/* Contents: in as few messages as their size allows, without a copy. */
#include "volume.h"

ax_err_t p9fs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	p9fs_node_t *self = p9fs_node_of(node);
	*done = 0;
	ax_err_t error = p9fs_node_open(self, false);
	while (!error && *done < bytes) {
		size_t step;
		error = p9_read(&p9fs_volume_of(node->fs)->client, self->open_fid, offset + *done, (char *)buffer + *done,
				bytes - *done, &step);
		if (error || !step)
			break;
		*done += step;
	}
	return *done ? AX_OK : error;
}

ax_err_t p9fs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	p9fs_node_t *self = p9fs_node_of(node);
	*done = 0;
	ax_err_t error = p9fs_node_open(self, true);
	while (!error && *done < bytes) {
		size_t step;
		error = p9_write(&p9fs_volume_of(node->fs)->client, self->open_fid, offset + *done, (const char *)data + *done,
				 bytes - *done, &step);
		if (!error && !step)
			error = AX_ERR_IO;
		if (!error)
			*done += step;
	}
	node->size = AX_MAX(node->size, *done ? offset + *done : 0);
	return *done ? AX_OK : error;
}

ax_err_t p9fs_truncate(vfs_node_t *node, uint64_t size)
{
	const p9_attributes_t attributes = { .size = size };
	ax_err_t error = p9_set_attributes(&p9fs_volume_of(node->fs)->client, p9fs_node_of(node)->fid, P9_SET_SIZE, &attributes);
	if (!error)
		node->size = size;
	return error;
}

ax_err_t p9fs_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes)
{
	ax_err_t error = p9_read_link(&p9fs_volume_of(node->fs)->client, p9fs_node_of(node)->fid, buffer, capacity, bytes);
	if (!error)
		*bytes = AX_MIN(*bytes, capacity);
	return error;
}
