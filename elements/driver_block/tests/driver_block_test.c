/* SPDX-License-Identifier: Apache-2.0 */
/* The transfers over a model of a small device: a queue of three, at most two segments and four blocks a request. It
 * ends requests only when it is polled, the last one first, and fails where it is told to. */
#include <axtest.h>
#include <driver_block/driver.h>

enum { BLOCKS = 64, BYTES = 512, DEPTH = 3 };

static struct {
	block_device_t device;
	uint8_t memory[BLOCKS * BYTES];
	block_request_t *queue[DEPTH];
	size_t used, most, kicks, requests;
	size_t flushes, discards, zeroings;
	uint64_t bad_block; /* a request that holds it fails */
} s_model;

static bool model_submit([[maybe_unused]] block_device_t *self, block_request_t *request)
{
	CHECK_EQ(block_device_check(self, request), AX_OK);
	if (s_model.used == DEPTH)
		return false;
	s_model.queue[s_model.used++] = request;
	s_model.most = AX_MAX(s_model.most, s_model.used);
	s_model.requests++;
	return true;
}

static void model_kick([[maybe_unused]] block_device_t *self)
{
	s_model.kicks++;
}

static void carry_out(const block_request_t *request)
{
	uint8_t *at = s_model.memory + request->first * BYTES;
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		memcpy(request->op == BLOCK_READ ? segment->start : at, request->op == BLOCK_READ ? at : segment->start,
		       segment->bytes);
		at += segment->bytes;
	}
	if (request->op == BLOCK_WRITE_ZEROES)
		memset(at, 0, request->count * BYTES);
	s_model.flushes += request->op == BLOCK_FLUSH;
	s_model.discards += request->op == BLOCK_DISCARD;
	s_model.zeroings += request->op == BLOCK_WRITE_ZEROES;
}

static void model_poll([[maybe_unused]] block_device_t *self)
{
	while (s_model.used) {
		block_request_t *request = s_model.queue[--s_model.used];
		bool is_bad = request->first <= s_model.bad_block && s_model.bad_block - request->first < request->count;
		if (!is_bad)
			carry_out(request);
		block_request_complete(request, is_bad ? AX_ERR_IO : AX_OK);
	}
}

static void model_wait(block_device_t *self, const block_request_t *request)
{
	model_poll(self);
	CHECK(!request || block_request_is_complete(request));
}

BLOCK_DRIVER(model_ops, model_submit, model_kick, model_poll, model_wait);

static block_device_t *fresh_model(void)
{
	memset(&s_model, 0, sizeof s_model);
	for (size_t i = 0; i < sizeof s_model.memory; i++)
		s_model.memory[i] = (uint8_t)(i / BYTES + i);
	s_model.bad_block = UINT64_MAX;
	s_model.device = (block_device_t){
		.name = "model",
		.block_count = BLOCKS,
		.block_bytes = BYTES,
		.preferred_blocks = 1,
		.max_segments = 2,
		.max_blocks = 4,
		.max_erase_blocks = 10,
		.can_discard = true,
		.can_write_zeroes = true,
		.is_volatile = true,
	};
	BLOCK_DRIVER_ATTACH(&s_model.device, model_ops);
	return &s_model.device;
}

TEST(a_transfer_larger_than_a_request_and_than_the_queue_is_whole)
{
	block_device_t *device = fresh_model();
	static uint8_t buffer[BLOCKS * BYTES];
	CHECK_EQ(block_device_read(device, 0, BLOCKS, buffer), AX_OK);
	CHECK(!memcmp(buffer, s_model.memory, sizeof buffer));
	CHECK_EQ(s_model.requests, BLOCKS / 4);
	CHECK_EQ(s_model.most, DEPTH);
	memset(buffer, 0x5a, sizeof buffer);
	CHECK_EQ(block_device_write(device, 1, BLOCKS - 2, buffer), AX_OK);
	CHECK(!memcmp(s_model.memory + BYTES, buffer, sizeof buffer - 2 * BYTES));
	CHECK_EQ(s_model.memory[BYTES - 1], (uint8_t)(BYTES - 1));
	CHECK_EQ(s_model.memory[(BLOCKS - 1) * BYTES], (uint8_t)(BLOCKS - 1 + (BLOCKS - 1) * BYTES));
}

TEST(segments_are_joined_and_cut_as_the_device_can_take_them)
{
	block_device_t *device = fresh_model();
	static uint8_t one[BYTES], nine[9 * BYTES], two[2 * BYTES];
	block_segment_t segments[] = { { one, sizeof one }, { nine, sizeof nine }, { two, sizeof two }, { one, sizeof one } };
	CHECK_EQ(block_device_read_segments(device, 3, segments, 3), AX_OK);
	CHECK(!memcmp(one, s_model.memory + 3 * BYTES, sizeof one));
	CHECK(!memcmp(nine, s_model.memory + 4 * BYTES, sizeof nine));
	CHECK(!memcmp(two, s_model.memory + 13 * BYTES, sizeof two));
	CHECK_EQ(s_model.requests, 1 + 3 + 1);
	CHECK_EQ(block_device_write_segments(device, 20, segments, 4), AX_OK);
	CHECK(!memcmp(s_model.memory + 20 * BYTES, s_model.memory + 3 * BYTES, 12 * BYTES));
	CHECK(!memcmp(s_model.memory + 32 * BYTES, one, BYTES));
}

TEST(many_requests_go_in_one_batch_until_the_queue_is_full)
{
	block_device_t *device = fresh_model();
	static uint8_t buffers[5][BYTES];
	block_segment_t segments[5];
	block_request_t requests[5], *list[5];
	for (size_t i = 0; i < 5; i++) {
		segments[i] = (block_segment_t){ buffers[i], BYTES };
		requests[i] = BLOCK_REQUEST(BLOCK_READ, 10 + i, 1, &segments[i], 1);
		list[i] = &requests[i];
	}
	CHECK_EQ(block_device_submit(device, list, 5), 3);
	CHECK_EQ(s_model.kicks, 1);
	block_device_poll(device);
	CHECK_EQ(block_device_submit(device, list + 3, 2), 2);
	for (size_t i = 0; i < 5; i++) {
		CHECK_EQ(block_device_wait(device, &requests[i]), AX_OK);
		CHECK(!memcmp(buffers[i], s_model.memory + (10 + i) * BYTES, BYTES));
	}
}

static void count_end(block_request_t *request)
{
	(*(size_t *)request->context)++;
}

TEST(done_is_called_once_with_the_result_there_also_for_what_is_refused)
{
	block_device_t *device = fresh_model();
	static uint8_t buffer[BYTES];
	block_segment_t segment = { buffer, BYTES };
	size_t ends = 0;
	block_request_t good = BLOCK_REQUEST(BLOCK_READ, 63, 1, &segment, 1);
	block_request_t past = BLOCK_REQUEST(BLOCK_READ, 64, 1, &segment, 1), *list[] = { &past, &good };
	good.done = past.done = count_end;
	good.context = past.context = &ends;
	CHECK_EQ(block_device_submit(device, list, 2), 2);
	CHECK_EQ(ends, 1);
	CHECK_EQ(past.result, AX_ERR_OUT_OF_RANGE);
	block_device_poll(device);
	CHECK_EQ(ends, 2);
	CHECK_EQ(good.result, AX_OK);
}

TEST(what_no_device_could_do_is_refused)
{
	block_device_t *device = fresh_model();
	static uint8_t buffer[8 * BYTES];
	const block_segment_t one = { buffer, BYTES }, odd = { buffer, BYTES + 1 }, five = { buffer, 5 * BYTES };
	const block_segment_t empty[] = { { buffer, BYTES }, { buffer, 0 } };
	const block_segment_t three[] = { one, one, one };
	const block_segment_t huge[] = { { buffer, SIZE_MAX & ~(size_t)511 }, { buffer, SIZE_MAX & ~(size_t)511 } };
	const struct {
		block_request_t request;
		ax_err_t error;
	} cases[] = {
		{ BLOCK_REQUEST(BLOCK_READ, 0, 1, &one, 1), AX_OK },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 2, &one, 1), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 1, &odd, 1), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 5, &five, 1), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 0, NULL, 0), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 1, empty, 2), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 3, three, 3), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 0, 1, huge, 2), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_READ, 64, 1, &one, 1), AX_ERR_OUT_OF_RANGE },
		{ BLOCK_REQUEST(BLOCK_WRITE, UINT64_MAX, 1, &one, 1), AX_ERR_OUT_OF_RANGE },
		{ BLOCK_REQUEST(BLOCK_FLUSH, 0, 0, NULL, 0), AX_OK },
		{ BLOCK_REQUEST(BLOCK_FLUSH, 0, 1, NULL, 0), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_DISCARD, 54, 10, NULL, 0), AX_OK },
		{ BLOCK_REQUEST(BLOCK_DISCARD, 55, 10, NULL, 0), AX_ERR_OUT_OF_RANGE },
		{ BLOCK_REQUEST(BLOCK_DISCARD, 0, 11, NULL, 0), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST(BLOCK_WRITE_ZEROES, 0, 0, NULL, 0), AX_ERR_INVALID_INPUT },
		{ BLOCK_REQUEST((block_op_t)99, 0, 1, &one, 1), AX_ERR_INVALID_INPUT },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		CHECK_EQ(block_device_check(device, &cases[i].request), cases[i].error);
	device->read_only = true;
	CHECK_EQ(block_device_write(device, 0, 1, buffer), AX_ERR_READ_ONLY);
	CHECK_EQ(block_device_discard(device, 0, 1), AX_ERR_READ_ONLY);
	CHECK_EQ(block_device_read(device, 60, 5, buffer), AX_ERR_OUT_OF_RANGE);
	CHECK_EQ(block_device_read(device, 64, 0, buffer), AX_OK);
	CHECK_EQ(s_model.requests, 0);
}

TEST(an_error_of_one_request_is_that_of_the_transfer)
{
	block_device_t *device = fresh_model();
	static uint8_t buffer[BLOCKS * BYTES];
	s_model.bad_block = 17;
	CHECK_EQ(block_device_read(device, 0, BLOCKS, buffer), AX_ERR_IO);
	CHECK_EQ(block_device_write(device, 16, 4, buffer), AX_ERR_IO);
	CHECK_EQ(block_device_write_zeroes(device, 10, 20), AX_ERR_IO);
	CHECK_EQ(block_device_read(device, 18, 40, buffer), AX_OK);
	CHECK_EQ(s_model.used, 0);
}

TEST(a_flush_reaches_the_device_if_it_has_a_volatile_cache)
{
	block_device_t *device = fresh_model();
	CHECK_EQ(block_device_flush(device), AX_OK);
	CHECK_EQ(s_model.flushes, 1);
	device->is_volatile = false;
	CHECK_EQ(block_device_flush(device), AX_OK);
	CHECK_EQ(s_model.flushes, 1);
}

TEST(zeroes_come_from_the_device_or_by_writing)
{
	block_device_t *device = fresh_model();
	CHECK_EQ(block_device_write_zeroes(device, 5, 25), AX_OK);
	CHECK_EQ(s_model.zeroings, 3);
	device->can_write_zeroes = false;
	CHECK_EQ(block_device_write_zeroes(device, 30, 33), AX_OK);
	CHECK_EQ(s_model.zeroings, 3);
	for (size_t i = 0; i < BLOCKS * BYTES; i++)
		CHECK_EQ(s_model.memory[i], i / BYTES >= 5 && i / BYTES < 63 ? 0 : (uint8_t)(i / BYTES + i));
	device->can_discard = false;
	CHECK_EQ(block_device_discard(device, 0, 1), AX_ERR_NOT_SUPPORTED);
}
