/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of files, through FatFs's file object. Reading seeks as a reader, so that a chain that is too short is an error
 * and not made longer. */
#include "volume.h"

#include <fatfs/fatfs.h>
#include <memstr/memstr.h>

enum { FA_DIRTY_BUFFER = 0x80 }; /* FatFs's FA_DIRTY, which it does not tell */

/* After an error the file object is as if just opened. */
static ax_err_t end(fat_node_t *self, FRESULT result)
{
	FIL *file = self->file;
	if (result != FR_OK) {
		file->err = 0;
		file->fptr = 0;
		file->clust = 0;
		file->sect = 0;
		file->flag = 0;
	}
	return library_error(result);
}

static FRESULT seek(FIL *file, uint64_t offset)
{
	file->flag = (BYTE)((file->flag & FA_DIRTY_BUFFER) | FA_READ);
	return f_lseek(file, (FSIZE_t)offset);
}

ax_err_t fatfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	fat_node_t *self = fat_node_of(node);
	UINT count = 0;
	*done = 0;
	if (!vfs_is_regular(node))
		return AX_ERR_NOT_SUPPORTED;
	if (offset >= node->size)
		return AX_OK;
	bytes = (size_t)AX_MIN((uint64_t)bytes, node->size - offset);
	FRESULT result = seek(self->file, offset);
	if (result == FR_OK)
		result = f_read(self->file, buffer, (UINT)bytes, &count);
	*done = count;
	ax_err_t error = end(self, result);
	return count ? AX_OK : error;
}

/* Bytes at @p offset, which is not behind the end. NULL data: zeroes. */
static ax_err_t write_at(fat_node_t *self, const uint8_t *data, size_t bytes, uint64_t offset, size_t *done)
{
	static const uint8_t s_zeroes[512];
	FIL *file = self->file;
	FRESULT result = seek(file, offset);
	*done = 0;
	file->flag |= FA_WRITE;
	while (result == FR_OK && *done < bytes) {
		UINT count = 0;
		const size_t piece = data ? bytes - *done : AX_MIN(bytes - *done, sizeof s_zeroes);
		result = f_write(file, data ? data + *done : s_zeroes, (UINT)AX_MIN(piece, (size_t)1 << 30), &count);
		*done += count;
		if (result == FR_OK && count < piece && count < (UINT)1 << 30)
			break; /* the volume is full */
	}
	self->node.size = file->obj.objsize;
	const uint64_t cluster_bytes = (uint64_t)fat_volume_of(&self->node)->fs.csize * fat_volume_of(&self->node)->fs.ssize;
	self->node.blocks = (self->node.size + cluster_bytes - 1) / cluster_bytes * cluster_bytes / 512;
	node_set_dirty(self);
	return end(self, result);
}

/* Up to @p size with zeroes. On a full volume it stays as it was. */
static ax_err_t grow(fat_node_t *self, uint64_t size)
{
	const uint64_t before = self->node.size;
	size_t done;
	ax_err_t error = write_at(self, NULL, (size_t)(size - before), before, &done);
	if (!error && done < size - before)
		error = AX_ERR_NO_SPACE;
	if (error == AX_ERR_NO_SPACE) {
		ax_err_t undone = fatfs_truncate(&self->node, before);
		return undone ? undone : error;
	}
	return error;
}

ax_err_t fatfs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	fat_node_t *self = fat_node_of(node);
	ax_err_t error = AX_OK;
	*done = 0;
	if (!vfs_is_regular(node))
		return AX_ERR_NOT_SUPPORTED;
	if (!bytes)
		return AX_OK;
	if (offset >= UINT32_MAX)
		return AX_ERR_FILE_TOO_BIG;
	bytes = (size_t)AX_MIN((uint64_t)bytes, UINT32_MAX - offset);
	if (offset > node->size)
		error = grow(self, offset);
	if (!error)
		error = write_at(self, data, bytes, offset, done);
	if (*done)
		return AX_OK;
	return error ? error : AX_ERR_NO_SPACE;
}

ax_err_t fat_file_write_sector(fat_node_t *self)
{
	FIL *file = self->file;
	fat_volume_t *volume = fat_volume_of(&self->node);
	if (!(file->flag & FA_DIRTY_BUFFER))
		return AX_OK;
	ax_err_t error = block_device_write(volume->disk.device, (uint64_t)file->sect << volume->disk.sector_shift,
					    1u << volume->disk.sector_shift, file->buf);
	volume->disk.is_unflushed = true;
	if (!error)
		file->flag &= (BYTE)~FA_DIRTY_BUFFER;
	return error;
}

/* The entry says the new size before the clusters behind it are free. */
static ax_err_t shrink(fat_node_t *self, uint32_t size)
{
	fat_volume_t *volume = fat_volume_of(&self->node);
	FIL *file = self->file;
	const uint32_t first = file->obj.sclust;
	uint32_t last = 0;
	ax_err_t error = fat_file_write_sector(self);
	if (!error && size && first)
		error = library_last_cluster(&volume->fs, first, size, &last);
	if (error)
		return error;
	file->obj.objsize = size;
	if (!size)
		file->obj.sclust = 0;
	file->fptr = 0;
	file->clust = 0;
	file->sect = 0;
	self->node.size = size;
	node_set_dirty(self);
	error = node_store(self);
	if (!error)
		error = library_write_window(&volume->fs);
	if (error || !first)
		return error;
	return size ? library_cut_chain(&volume->fs, last) : library_free_chain(&volume->fs, first);
}

ax_err_t fatfs_truncate(vfs_node_t *node, uint64_t size)
{
	fat_node_t *self = fat_node_of(node);
	if (!vfs_is_regular(node))
		return AX_ERR_INVALID_INPUT;
	if (size > UINT32_MAX)
		return AX_ERR_FILE_TOO_BIG;
	if (size > node->size)
		return grow(self, size);
	return size == node->size && !(!size && self->file->obj.sclust) ? AX_OK : shrink(self, (uint32_t)size);
}
