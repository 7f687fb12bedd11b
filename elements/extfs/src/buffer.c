/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks in memory, metadata and files' data, by number in a hash table. A buffer that nobody has got and that need not be
 * written is on the list of unused ones, and the longest unused is given to another block when there are `buffers_kept`.
 */
#include "volume.h"

#include <memstr/memstr.h>

enum { PER_BUCKET = 4, FILL_MAX = 32 };

ax_err_t buffers_init(extfs_t *self)
{
	const vfs_host_t *host = self->vfs.host;
	const size_t bytes = host->cache_bytes ? AX_MIN(host->cache_bytes(), (size_t)CACHE_BYTES_MAX) : 0;
	self->buffers_kept = AX_MAX((uint32_t)(bytes >> self->block_shift), (uint32_t)BUFFERS_KEPT_MIN);
	self->bucket_count = 1u << (31 - __builtin_clz(self->buffers_kept / PER_BUCKET));
	self->buckets = host->allocate(self->bucket_count * sizeof *self->buckets);
	if (!self->buckets)
		return AX_ERR_NO_MEMORY;
	for (uint32_t i = 0; i < self->bucket_count; i++)
		list_init(&self->buckets[i]);
	return AX_OK;
}

static list_t *bucket_of(extfs_t *self, uint64_t block)
{
	return &self->buckets[(block ^ block >> 16) & (self->bucket_count - 1)];
}

static buffer_t *find(extfs_t *self, uint64_t block)
{
	list_for_each (node, bucket_of(self, block)) {
		buffer_t *buffer = list_entry(node, buffer_t, in_bucket);
		if (buffer->block == block)
			return buffer;
	}
	return NULL;
}

static void destroy(extfs_t *self, buffer_t *buffer)
{
	list_remove(&buffer->in_bucket);
	list_remove(&buffer->in_order);
	self->vfs.host->free(buffer->data);
	self->vfs.host->free(buffer);
	self->buffer_count--;
}

static buffer_t *make(extfs_t *self)
{
	buffer_t *buffer = self->vfs.host->allocate(sizeof *buffer);
	if (!buffer)
		return NULL;
	*buffer = (buffer_t){ .data = self->vfs.host->allocate(self->block_bytes) };
	if (!buffer->data) {
		self->vfs.host->free(buffer);
		return NULL;
	}
	list_node_init(&buffer->in_bucket);
	list_node_init(&buffer->in_order);
	self->buffer_count++;
	return buffer;
}

/* A buffer for @p block: a new one, or the longest unused. */
static buffer_t *take(extfs_t *self, uint64_t block)
{
	buffer_t *buffer = self->buffer_count < self->buffers_kept ? make(self) : NULL;
	if (!buffer && !list_is_empty(&self->unused)) {
		buffer = list_entry(list_first(&self->unused), buffer_t, in_order);
		list_remove(&buffer->in_order);
		list_remove(&buffer->in_bucket);
	}
	if (!buffer)
		buffer = make(self);
	if (!buffer)
		return NULL;
	buffer->block = block;
	buffer->kind = KIND_NONE;
	buffer->is_checked = false;
	buffer->volume = self;
	list_push_front(bucket_of(self, block), &buffer->in_bucket);
	return buffer;
}

/* Found in memory: is it what it is asked for as? */
static ax_err_t take_found(extfs_t *self, buffer_t *buffer, buffer_kind_t kind)
{
	if (buffer->kind != kind) {
		if (buffer->pins || buffer->in_transaction)
			return extfs_damaged(self, "a block has two uses", buffer->block);
		buffer->kind = kind;
		buffer->is_checked = false;
	}
	if (!buffer->pins++ && !buffer->in_transaction)
		list_remove(&buffer->in_order);
	return AX_OK;
}

ax_err_t buffer_get(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **out)
{
	ax_err_t error = AX_OK;
	buffer_t *buffer = find(self, block);
	if (buffer) {
		error = take_found(self, buffer, kind);
	} else if (!(buffer = take(self, block))) {
		return AX_ERR_NO_MEMORY;
	} else if ((error = volume_read(self, block, 1, buffer->data)) != AX_OK) {
		destroy(self, buffer);
	} else {
		buffer->kind = kind;
		buffer->pins = 1;
	}
	*out = error ? NULL : buffer;
	return error;
}

ax_err_t buffer_get_unread(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **out)
{
	buffer_t *buffer = find(self, block);
	if (buffer) {
		ax_err_t error = take_found(self, buffer, kind);
		if (error)
			return error;
	} else if (!(buffer = take(self, block))) {
		return AX_ERR_NO_MEMORY;
	} else {
		buffer->kind = kind;
		buffer->pins = 1;
	}
	buffer->is_checked = true;
	*out = buffer;
	return AX_OK;
}

ax_err_t buffer_get_new(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **out)
{
	ax_err_t error = buffer_get_unread(self, block, kind, out);
	if (!error)
		memset((*out)->data, 0, self->block_bytes);
	return error;
}

size_t buffers_missing(extfs_t *self, uint64_t block, size_t most)
{
	size_t count = 0;
	while (count < most && !find(self, block + count))
		count++;
	return count;
}

void buffers_fill(extfs_t *self, uint64_t block, size_t count)
{
	buffer_t *buffers[FILL_MAX];
	block_segment_t segments[FILL_MAX];
	size_t taken = 0;
	for (; taken < AX_MIN(count, (size_t)FILL_MAX) && (buffers[taken] = take(self, block + taken)); taken++)
		segments[taken] = (block_segment_t){ buffers[taken]->data, self->block_bytes };
	ax_err_t error = taken ? volume_read_segments(self, block, segments, taken) : AX_OK;
	for (size_t i = 0; i < taken; i++) {
		buffers[i]->kind = KIND_DATA;
		if (error)
			destroy(self, buffers[i]);
		else
			list_push_back(&self->unused, &buffers[i]->in_order);
	}
}

void buffer_put(buffer_t *buffer)
{
	if (!--buffer->pins && !buffer->in_transaction)
		list_push_back(&buffer->volume->unused, &buffer->in_order);
}

void buffer_change(buffer_t *buffer)
{
	extfs_t *self = buffer->volume;
	const bool is_data = buffer->kind == KIND_DATA;
	self->changes += !is_data;
	if (!buffer->in_transaction) {
		buffer->in_transaction = true;
		list_push_back(is_data ? &self->dirty_data : &self->transaction, &buffer->in_order);
		++*(is_data ? &self->dirty_data_count : &self->transaction_count);
	}
}

void buffer_leave_transaction(buffer_t *buffer)
{
	extfs_t *self = buffer->volume;
	list_remove(&buffer->in_order);
	buffer->in_transaction = false;
	--*(buffer->kind == KIND_DATA ? &self->dirty_data_count : &self->transaction_count);
	if (!buffer->pins)
		list_push_back(&self->unused, &buffer->in_order);
}

void buffer_forget(extfs_t *self, uint64_t block)
{
	buffer_t *buffer = find(self, block);
	if (!buffer)
		return;
	if (buffer->in_transaction)
		buffer_leave_transaction(buffer);
	if (!buffer->pins)
		destroy(self, buffer);
}

void buffers_forget_data(extfs_t *self, uint64_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		const buffer_t *buffer = find(self, first + i);
		if (buffer && buffer->kind == KIND_DATA)
			buffer_forget(self, first + i);
	}
}

void buffers_drop(extfs_t *self)
{
	for (size_t i = 0; i < self->bucket_count; i++) {
		list_for_each_safe (node, &self->buckets[i])
			destroy(self, list_entry(node, buffer_t, in_bucket));
	}
}
