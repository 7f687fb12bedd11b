/* SPDX-License-Identifier: Apache-2.0 */
/* Submission in batches, and the synchronous transfers over it. */
#include <driver_block/driver.h>
#include <driver_block/driver_block.h>

#include "dispatch.h"

/* Requests of one transfer that are under way together. */
enum { WINDOW = 8 };

static const uint8_t s_zeroes[BLOCK_BYTES_MAX];

static bool is_in_range(const block_device_t *self, uint64_t first, uint64_t count)
{
	return first <= self->block_count && count <= self->block_count - first;
}

/* The blocks that the segments hold together; AX_ERR_INVALID_INPUT if one is no whole number of them. */
static ax_err_t count_blocks(const block_device_t *self, const block_segment_t *segments, size_t segment_count,
			     uint64_t *blocks)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < segment_count; i++) {
		if (!segments[i].bytes || segments[i].bytes & (self->block_bytes - 1))
			return AX_ERR_INVALID_INPUT;
		if (__builtin_add_overflow(sum, segments[i].bytes >> self->block_shift, &sum))
			return AX_ERR_INVALID_INPUT;
	}
	*blocks = sum;
	return AX_OK;
}

static ax_err_t check_transfer(const block_device_t *self, const block_request_t *request)
{
	uint64_t blocks;
	ax_err_t error = count_blocks(self, request->segments, request->segment_count, &blocks);
	if (error)
		return error;
	bool fits = request->segment_count && request->segment_count <= self->max_segments && request->count == blocks &&
		    blocks <= self->max_blocks;
	return fits ? AX_OK : AX_ERR_INVALID_INPUT;
}

static ax_err_t check_erase(const block_device_t *self, const block_request_t *request, bool supported)
{
	if (!supported)
		return AX_ERR_NOT_SUPPORTED;
	bool fits = !request->segment_count && request->count && request->count <= self->max_erase_blocks;
	return fits ? AX_OK : AX_ERR_INVALID_INPUT;
}

ax_err_t block_device_check(const block_device_t *self, const block_request_t *request)
{
	ax_err_t error = AX_ERR_INVALID_INPUT;
	bool changes = true;
	switch (request->op) {
	case BLOCK_READ:
		changes = false;
		error = check_transfer(self, request);
		break;
	case BLOCK_WRITE:
		error = check_transfer(self, request);
		break;
	case BLOCK_FLUSH:
		changes = false;
		error = request->first || request->count || request->segment_count ? AX_ERR_INVALID_INPUT : AX_OK;
		break;
	case BLOCK_DISCARD:
		error = check_erase(self, request, self->can_discard);
		break;
	case BLOCK_WRITE_ZEROES:
		error = check_erase(self, request, self->can_write_zeroes);
		break;
	}
	if (error)
		return error;
	if (!is_in_range(self, request->first, request->count))
		return AX_ERR_OUT_OF_RANGE;
	return changes && self->read_only ? AX_ERR_READ_ONLY : AX_OK;
}

size_t block_device_submit(block_device_t *self, block_request_t *const requests[], size_t count)
{
	size_t taken = 0;
	for (; taken < count; taken++) {
		block_request_t *request = requests[taken];
		atomic_store_explicit(&request->is_complete, false, memory_order_relaxed);
		ax_err_t error = block_device_check(self, request);
		if (error)
			block_request_complete(request, error);
		else if (!dispatch_submit(self, request))
			break;
	}
	dispatch_kick(self);
	return taken;
}

void block_device_submit_all(block_device_t *self, block_request_t *const requests[], size_t count)
{
	for (;;) {
		size_t taken = block_device_submit(self, requests, count);
		requests += taken;
		count -= taken;
		if (!count)
			return;
		dispatch_wait(self, NULL);
	}
}

void block_device_poll(block_device_t *self)
{
	dispatch_poll(self);
}

ax_err_t block_device_wait(block_device_t *self, block_request_t *request)
{
	if (!block_request_is_complete(request))
		dispatch_wait(self, request);
	return request->result;
}

void block_device_wait_for_room(block_device_t *self)
{
	dispatch_wait(self, NULL);
}

/* What is left of a transfer: from byte `offset` of the first segment on. */
typedef struct cursor {
	const block_segment_t *segments;
	size_t segment_count;
	size_t offset;
	uint64_t block;
} cursor_t;

/*
 * Cut off the next request: as many whole segments as it can take, or a part of one. @p piece, the request's own, holds
 * such a part.
 */
static block_request_t cut_off(const block_device_t *self, block_op_t op, cursor_t *cursor, block_segment_t *piece)
{
	size_t whole = 0;
	uint64_t blocks = 0;
	while (!cursor->offset && whole < cursor->segment_count && whole < self->max_segments) {
		uint64_t more = cursor->segments[whole].bytes >> self->block_shift;
		if (more > self->max_blocks - blocks)
			break;
		blocks += more;
		whole++;
	}
	const block_segment_t *segments = cursor->segments;
	if (whole) {
		cursor->segments += whole;
		cursor->segment_count -= whole;
	} else {
		uint64_t left = (segments->bytes - cursor->offset) >> self->block_shift;
		blocks = AX_MIN(left, self->max_blocks);
		size_t bytes = (size_t)(blocks << self->block_shift);
		*piece = (block_segment_t){ (char *)segments->start + cursor->offset, bytes };
		cursor->offset += bytes;
		if (cursor->offset == segments->bytes) {
			cursor->segments++;
			cursor->segment_count--;
			cursor->offset = 0;
		}
		segments = piece;
		whole = 1;
	}
	uint64_t first = cursor->block;
	cursor->block += blocks;
	return BLOCK_REQUEST(op, first, blocks, segments, whole);
}

static ax_err_t wait_for_all(block_device_t *self, block_request_t *requests, size_t count)
{
	ax_err_t first_error = AX_OK;
	for (size_t i = 0; i < count; i++) {
		ax_err_t error = block_device_wait(self, &requests[i]);
		if (!first_error)
			first_error = error;
	}
	return first_error;
}

/* All of a transfer that may be larger than one request. */
static ax_err_t transfer(block_device_t *self, block_op_t op, uint64_t first, const block_segment_t *segments,
			 size_t segment_count)
{
	uint64_t count;
	ax_err_t error = count_blocks(self, segments, segment_count, &count);
	if (error)
		return error;
	if (!is_in_range(self, first, count))
		return AX_ERR_OUT_OF_RANGE;
	if (op == BLOCK_WRITE && self->read_only)
		return AX_ERR_READ_ONLY;
	cursor_t cursor = { segments, segment_count, 0, first };
	while (!error && cursor.segment_count) {
		block_request_t requests[WINDOW], *list[WINDOW];
		block_segment_t pieces[WINDOW];
		size_t under_way = 0;
		for (; under_way < WINDOW && cursor.segment_count; under_way++) {
			requests[under_way] = cut_off(self, op, &cursor, &pieces[under_way]);
			list[under_way] = &requests[under_way];
		}
		block_device_submit_all(self, list, under_way);
		error = wait_for_all(self, requests, under_way);
	}
	return error;
}

ax_err_t block_device_read_segments(block_device_t *self, uint64_t first, const block_segment_t *segments,
				    size_t segment_count)
{
	return transfer(self, BLOCK_READ, first, segments, segment_count);
}

ax_err_t block_device_write_segments(block_device_t *self, uint64_t first, const block_segment_t *segments,
				     size_t segment_count)
{
	return transfer(self, BLOCK_WRITE, first, segments, segment_count);
}

/* One segment for @p count blocks, which are no more than the device has; none for none. */
static ax_err_t transfer_buffer(block_device_t *self, block_op_t op, uint64_t first, uint64_t count, void *buffer)
{
	if (!is_in_range(self, first, count))
		return AX_ERR_OUT_OF_RANGE;
	block_segment_t segment = { buffer, (size_t)(count << self->block_shift) };
	return transfer(self, op, first, &segment, count != 0);
}

ax_err_t block_device_read(block_device_t *self, uint64_t first, uint64_t count, void *buffer)
{
	return transfer_buffer(self, BLOCK_READ, first, count, buffer);
}

ax_err_t block_device_write(block_device_t *self, uint64_t first, uint64_t count, const void *buffer)
{
	return transfer_buffer(self, BLOCK_WRITE, first, count, (void *)(uintptr_t)buffer);
}

static ax_err_t run(block_device_t *self, block_request_t request)
{
	block_request_t *list[] = { &request };
	block_device_submit_all(self, list, 1);
	return block_device_wait(self, &request);
}

ax_err_t block_device_flush(block_device_t *self)
{
	return self->is_volatile ? run(self, BLOCK_REQUEST(BLOCK_FLUSH, 0, 0, NULL, 0)) : AX_OK;
}

/* A discard or a zeroing, in steps of what the device takes. */
static ax_err_t erase(block_device_t *self, block_op_t op, uint64_t first, uint64_t count)
{
	if (!is_in_range(self, first, count))
		return AX_ERR_OUT_OF_RANGE;
	ax_err_t error = AX_OK;
	while (!error && count) {
		uint64_t step = AX_MIN(count, self->max_erase_blocks);
		error = run(self, BLOCK_REQUEST(op, first, step, NULL, 0));
		first += step;
		count -= step;
	}
	return error;
}

ax_err_t block_device_discard(block_device_t *self, uint64_t first, uint64_t count)
{
	return self->can_discard ? erase(self, BLOCK_DISCARD, first, count) : AX_ERR_NOT_SUPPORTED;
}

ax_err_t block_device_write_zeroes(block_device_t *self, uint64_t first, uint64_t count)
{
	if (self->can_write_zeroes)
		return erase(self, BLOCK_WRITE_ZEROES, first, count);
	if (!is_in_range(self, first, count))
		return AX_ERR_OUT_OF_RANGE;
	block_segment_t segments[WINDOW * 2];
	uint64_t page_blocks = sizeof s_zeroes >> self->block_shift;
	ax_err_t error = AX_OK;
	while (!error && count) {
		uint64_t blocks = 0;
		size_t used = 0;
		for (; used < ARRAY_SIZE(segments) && blocks < count; used++) {
			uint64_t step = AX_MIN(count - blocks, page_blocks);
			segments[used] = (block_segment_t){ (void *)(uintptr_t)s_zeroes, (size_t)(step << self->block_shift) };
			blocks += step;
		}
		error = transfer(self, BLOCK_WRITE, first, segments, used);
		first += blocks;
		count -= blocks;
	}
	return error;
}
