/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of files and symbolic links. A file ends at INT64_MAX, as offsets do. */
#include "node.h"

#include <memstr/memstr.h>

enum { PAGE_MASK = VFS_PAGE_BYTES - 1 };

void ramfs_lend(vfs_node_t *node, const void *data, size_t bytes)
{
	ramfs_node_t *self = ramfs_node_of(node);
	self->lent = bytes ? data : NULL;
	self->lent_bytes = bytes;
	node->size = bytes;
}

/*
 * How many of @p bytes from @p page's @p start on lie in it and in pages that follow it in memory as well as in the
 * file.
 */
static size_t run_length(const ramfs_pages_t *pages, uint64_t index, const char *page, size_t start, size_t bytes)
{
	size_t run = VFS_PAGE_BYTES - start;
	const char *next = page;
	while (run < bytes) {
		next += VFS_PAGE_BYTES;
		if (ramfs_pages_find(pages, ++index) != next)
			return run;
		run += VFS_PAGE_BYTES;
	}
	return bytes;
}

[[gnu::noinline]] static void read_pages(const ramfs_node_t *self, char *buffer, size_t bytes, uint64_t offset)
{
	while (bytes) {
		const uint64_t index = offset / VFS_PAGE_BYTES;
		const size_t start = offset & PAGE_MASK;
		const char *page = ramfs_pages_find(&self->pages, index);
		size_t count;
		if (page) {
			count = run_length(&self->pages, index, page, start, bytes);
			memcpy(buffer, page + start, count);
		} else {
			count = AX_MIN(bytes, VFS_PAGE_BYTES - start);
			memset(buffer, 0, count);
		}
		buffer += count;
		offset += count;
		bytes -= count;
	}
}

ax_err_t ramfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	const ramfs_node_t *self = ramfs_node_of(node);
	const uint64_t size = node->size;

	*done = 0;
	if (unlikely(offset >= size))
		return AX_OK;
	bytes = (size_t)AX_MIN((uint64_t)bytes, size - offset);
	*done = bytes;
	if (likely(offset + bytes <= self->pages.run_bytes))
		memcpy(buffer, self->pages.base + offset, bytes);
	else if (self->lent)
		memcpy(buffer, self->lent + offset, bytes);
	else
		read_pages(self, buffer, bytes, offset);
	return AX_OK;
}

/* The pages for @p bytes at @p offset that lie one behind the other: the first one, and how many bytes they take. */
static char *writable_run(ramfs_node_t *self, uint64_t offset, size_t bytes, size_t *run)
{
	ramfs_t *fs = ramfs_of(&self->node);
	const uint64_t first = offset / VFS_PAGE_BYTES;
	const size_t start = offset & PAGE_MASK;
	char *begin = NULL;

	for (size_t covered = 0; covered < bytes;) {
		bool is_new;
		const uint64_t index = first + (covered + start) / VFS_PAGE_BYTES;
		char *page = ramfs_pages_make(&self->pages, fs, index, &is_new);
		if (!page)
			break;
		const size_t in_page = covered ? 0 : start;
		const size_t count = AX_MIN(bytes - covered, VFS_PAGE_BYTES - in_page);
		if (is_new) {
			memset(page, 0, in_page);
			memset(page + in_page + count, 0, VFS_PAGE_BYTES - in_page - count);
		}
		if (!begin)
			begin = page + start;
		else if (begin + covered != page) {
			if (is_new) /* the next run begins here, and must not find what was in memory */
				memset(page, 0, count);
			break;
		}
		covered += count;
		*run = covered;
	}
	return begin;
}

[[gnu::noinline]] static ax_err_t write_pages(ramfs_node_t *self, const char *data, size_t bytes, uint64_t offset,
					      size_t *done)
{
	size_t written = 0;
	while (written < bytes) {
		size_t run = 0;
		char *page = writable_run(self, offset + written, bytes - written, &run);
		if (!page)
			break;
		memcpy(page, data + written, run);
		written += run;
	}
	*done = written;
	if (written && offset + written > self->node.size)
		self->node.size = offset + written;
	return written || !bytes ? AX_OK : AX_ERR_NO_SPACE;
}

ax_err_t ramfs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	ramfs_node_t *self = ramfs_node_of(node);
	const uint64_t run_bytes = self->pages.run_bytes;

	if (likely(offset < run_bytes && bytes <= run_bytes - offset)) { /* what a page holds behind the end is zero */
		memcpy(self->pages.base + offset, data, bytes);
		*done = bytes;
		if (bytes)
			node->size = AX_MAX(node->size, offset + bytes);
		return AX_OK;
	}
	*done = 0;
	if (offset > INT64_MAX || bytes > INT64_MAX - offset) {
		if (offset >= INT64_MAX)
			return AX_ERR_FILE_TOO_BIG;
		bytes = (size_t)(INT64_MAX - offset);
	}
	if (self->lent && ramfs_node_own(self) != AX_OK)
		return AX_ERR_NO_SPACE;
	return write_pages(self, data, bytes, offset, done);
}

/* Contents behind the end of the file are zero, so that it may grow again. */
static void clear_behind(ramfs_node_t *self, uint64_t size)
{
	char *page = ramfs_pages_find(&self->pages, size / VFS_PAGE_BYTES);
	if (page && (size & PAGE_MASK))
		memset(page + (size & PAGE_MASK), 0, VFS_PAGE_BYTES - (size & PAGE_MASK));
}

/* Pages that somebody has mapped stay. */
static void zero_pages(ramfs_node_t *self, uint64_t first, uint64_t end)
{
	for (uint64_t i = first; (i = ramfs_pages_next(&self->pages, i, end, false)) < end; i++)
		memset(ramfs_pages_find(&self->pages, i), 0, VFS_PAGE_BYTES);
}

ax_err_t ramfs_truncate(vfs_node_t *node, uint64_t size)
{
	ramfs_node_t *self = ramfs_node_of(node);
	if (size > INT64_MAX)
		return AX_ERR_FILE_TOO_BIG;
	if (self->lent && size == 0)
		self->lent = NULL;
	else if (self->lent && ramfs_node_own(self) != AX_OK)
		return AX_ERR_NO_SPACE;
	if (size < node->size) {
		const uint64_t first = size / VFS_PAGE_BYTES + (size % VFS_PAGE_BYTES != 0);
		clear_behind(self, size);
		if (node->mappings)
			zero_pages(self, first, node->size / VFS_PAGE_BYTES + 1);
		else
			ramfs_pages_cut(&self->pages, ramfs_of(node), first);
	}
	node->size = size;
	return AX_OK;
}

ax_err_t ramfs_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes)
{
	*bytes = (size_t)AX_MIN(node->size, (uint64_t)capacity);
	memcpy(buffer, ramfs_node_of(node)->target, *bytes);
	return AX_OK;
}

ax_err_t ramfs_map_page(vfs_node_t *node, uint64_t offset, bool writable, void **page)
{
	ramfs_node_t *self = ramfs_node_of(node);
	bool is_new = false;
	if (!vfs_is_regular(node))
		return AX_ERR_NOT_SUPPORTED;
	if (offset >= node->size || (offset & PAGE_MASK))
		return AX_ERR_INVALID_INPUT;
	if (self->lent && ramfs_node_own(self) != AX_OK)
		return AX_ERR_NO_SPACE;
	*page = writable ? ramfs_pages_make(&self->pages, ramfs_of(node), offset / VFS_PAGE_BYTES, &is_new)
			 : ramfs_pages_find(&self->pages, offset / VFS_PAGE_BYTES);
	if (writable && !*page)
		return AX_ERR_NO_SPACE;
	if (is_new)
		memset(*page, 0, VFS_PAGE_BYTES);
	node->mappings++;
	return AX_OK;
}

void ramfs_unmap_page(vfs_node_t *node, [[maybe_unused]] uint64_t offset)
{
	node->mappings--;
	if (!node->mappings) /* what was cut off meanwhile */
		ramfs_pages_cut(&ramfs_node_of(node)->pages, ramfs_of(node),
				node->size / VFS_PAGE_BYTES + (node->size % VFS_PAGE_BYTES != 0));
}

ax_err_t ramfs_seek_data(vfs_node_t *node, uint64_t offset, bool hole, uint64_t *found)
{
	const ramfs_node_t *self = ramfs_node_of(node);
	const uint64_t end = node->size / VFS_PAGE_BYTES + (node->size % VFS_PAGE_BYTES != 0);
	uint64_t index = offset / VFS_PAGE_BYTES;
	if (self->lent)
		index = hole ? end : index;
	else
		index = ramfs_pages_next(&self->pages, index, end, hole);
	*found = AX_MIN(AX_MAX(index * VFS_PAGE_BYTES, offset), node->size);
	return !hole && index == end ? AX_ERR_NOT_FOUND : AX_OK;
}

ax_err_t ramfs_load_attributes(vfs_node_t *node)
{
	const ramfs_node_t *self = ramfs_node_of(node);
	if (vfs_is_regular(node))
		node->blocks = self->pages.count * (VFS_PAGE_BYTES / 512) + (self->lent ? (self->lent_bytes + 511) / 512 : 0);
	return AX_OK;
}
