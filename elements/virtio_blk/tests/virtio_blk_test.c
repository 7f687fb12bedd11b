/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include "model.h"

#define F_SEG_MAX      (UINT64_C(1) << 2)
#define F_READ_ONLY    (UINT64_C(1) << 5)
#define F_BLK_SIZE     (UINT64_C(1) << 6)
#define F_FLUSH        (UINT64_C(1) << 9)
#define F_MQ           (UINT64_C(1) << 12)
#define F_DISCARD      (UINT64_C(1) << 13)
#define F_WRITE_ZEROES (UINT64_C(1) << 14)

static virtio_blk_t s_disk;
static size_t s_wakes;
static unsigned s_cpu;

static bool wait(virtio_blk_t *disk, bool (*is_true)(const void *argument), const void *argument)
{
	for (int i = 0; i < 10 && !is_true(argument); i++) {
		model_run();
		virtio_blk_interrupt(disk);
	}
	return is_true(argument);
}

static void wake([[maybe_unused]] virtio_blk_t *disk)
{
	s_wakes++;
}

static unsigned cpu(void)
{
	return s_cpu;
}

static const virtio_blk_user_t s_user = { wait, wake, cpu, 4, true };

static block_device_t *start(void)
{
	s_cpu = 0;
	CHECK_EQ(virtio_blk_init(&s_disk, &s_axvirtio.device, "vda", &s_user), AX_OK);
	return &s_disk.device;
}

/* A new model; the device of the one before is ended. */
static void fresh(uint64_t features)
{
	if (s_disk.queue_count)
		virtio_blk_end(&s_disk);
	CHECK_EQ(s_axvirtio.allocated, 0);
	model_fresh(features);
}

static uint8_t s_buffer[MODEL_SECTORS * 512];

TEST(the_device_is_what_it_says)
{
	fresh(F_BLK_SIZE | F_READ_ONLY);
	model_config(20, 4096, 4);
	block_device_t *disk = start();
	CHECK_EQ(disk->block_bytes, 4096);
	CHECK_EQ(disk->block_count, MODEL_SECTORS / 8);
	CHECK(disk->read_only && !disk->is_volatile && !disk->can_discard);
	CHECK_EQ(block_device_write(disk, 0, 1, s_buffer), AX_ERR_READ_ONLY);
	CHECK_EQ(block_device_read(disk, 3, 2, s_buffer), AX_OK);
	CHECK(!memcmp(s_buffer, s_model.memory + 3 * 4096, 2 * 4096));
}

TEST(data_goes_both_ways_with_and_without_indirect_tables)
{
	for (int indirect = 0; indirect <= 1; indirect++) {
		fresh(indirect ? VIRTIO_F_INDIRECT_DESC : 0);
		block_device_t *disk = start();
		CHECK_EQ(block_device_read(disk, 0, MODEL_SECTORS, s_buffer), AX_OK);
		CHECK(!memcmp(s_buffer, s_model.memory, sizeof s_buffer));
		block_segment_t segments[40];
		for (size_t i = 0; i < 40; i++)
			segments[i] = (block_segment_t){ s_buffer + (39 - i) * 512, 512 };
		CHECK_EQ(block_device_write_segments(disk, 7, segments, 40), AX_OK);
		for (size_t i = 0; i < 40; i++)
			CHECK(!memcmp(s_model.memory + (7 + i) * 512, s_buffer + (39 - i) * 512, 512));
		CHECK(s_wakes);
	}
}

TEST(a_full_queue_makes_the_submitter_wait_and_loses_nothing)
{
	fresh(0);
	block_device_t *disk = start();
	block_request_t requests[30], *list[30];
	block_segment_t segments[30];
	for (size_t i = 0; i < 30; i++) {
		segments[i] = (block_segment_t){ s_buffer + i * 512, 512 };
		requests[i] = BLOCK_REQUEST(BLOCK_READ, i, 1, &segments[i], 1);
		list[i] = &requests[i];
	}
	memset(s_buffer, 0, sizeof s_buffer);
	CHECK_EQ(block_device_submit(disk, list, 30), 5);
	block_device_submit_all(disk, list + 5, 25);
	for (size_t i = 0; i < 30; i++)
		CHECK_EQ(block_device_wait(disk, &requests[i]), AX_OK);
	CHECK(!memcmp(s_buffer, s_model.memory, 30 * 512));
}

TEST(a_wish_to_be_notified_that_shows_late_is_granted_with_the_next_answer)
{
	fresh(0);
	block_device_t *disk = start();
	uint32_t doorbell = UINT32_MAX;
	s_disk.queues[0].ring.doorbell = &doorbell;
	block_segment_t segments[2] = { { s_buffer, 512 }, { s_buffer + 512, 512 } };
	block_request_t requests[2], *list[2];
	for (size_t i = 0; i < 2; i++) {
		requests[i] = BLOCK_REQUEST(BLOCK_READ, i, 1, &segments[i], 1);
		list[i] = &requests[i];
	}
	CHECK_EQ(block_device_submit(disk, list, 1), 1);
	CHECK(doorbell != UINT32_MAX);
	doorbell = UINT32_MAX;
	CHECK_EQ(block_device_submit(disk, list + 1, 1), 1);
	CHECK_EQ(doorbell, UINT32_MAX);
	model_wish(0, 1);
	CHECK(model_answer(0));
	virtio_blk_interrupt(&s_disk);
	CHECK(requests[0].is_complete);
	CHECK(doorbell != UINT32_MAX);
	CHECK_EQ(block_device_wait(disk, &requests[1]), AX_OK);
	s_disk.queues[0].ring.doorbell = NULL;
}

TEST(flush_discard_and_zeroing_are_the_devices)
{
	fresh(F_FLUSH | F_DISCARD | F_WRITE_ZEROES);
	model_config(36, 64, 4);
	model_config(48, 32, 4);
	block_device_t *disk = start();
	CHECK_EQ(block_device_flush(disk), AX_OK);
	CHECK_EQ(block_device_discard(disk, 0, 64), AX_OK);
	CHECK_EQ(block_device_write_zeroes(disk, 10, 40), AX_OK);
	CHECK(s_model.flushes == 1 && s_model.discards == 2 && s_model.zeroings == 2);
	for (size_t i = 10 * 512; i < 50 * 512; i++)
		CHECK_EQ(s_model.memory[i], 0);
	CHECK_EQ(s_model.memory[50 * 512 + 1], 1 ^ 50);
}

TEST(each_cpu_has_a_queue)
{
	fresh(F_MQ);
	s_axvirtio.most_queues = 3;
	model_config(34, 3, 2);
	block_device_t *disk = start();
	CHECK_EQ(s_disk.queue_count, 3);
	for (s_cpu = 0; s_cpu < 4; s_cpu++)
		CHECK_EQ(block_device_read(disk, s_cpu, 1, s_buffer), AX_OK);
	CHECK(s_axvirtio.seen[0] == 2 && s_axvirtio.seen[1] == 1 && s_axvirtio.seen[2] == 1);
}

TEST(an_error_of_the_device_is_the_requests_and_the_device_lives_on)
{
	fresh(0);
	s_model.bad_sector = 9;
	block_device_t *disk = start();
	CHECK_EQ(block_device_read(disk, 8, 4, s_buffer), AX_ERR_IO);
	CHECK_EQ(block_device_write(disk, 9, 1, s_buffer), AX_ERR_IO);
	CHECK_EQ(block_device_read(disk, 10, 4, s_buffer), AX_OK);
	s_model.lie = MODEL_NO_STATUS;
	CHECK_EQ(block_device_read(disk, 10, 4, s_buffer), AX_ERR_IO);
}

TEST(a_device_that_lies_or_is_silent_is_reset_and_gone)
{
	static const struct {
		model_lie_t lie;
		ax_err_t error;
	} cases[] = { { MODEL_BAD_INDEX, AX_ERR_IO }, { MODEL_NO_ANSWER, AX_ERR_TIMED_OUT } };
	for (size_t i = 0; i < 2; i++) {
		fresh(0);
		block_device_t *disk = start();
		s_model.lie = cases[i].lie;
		size_t resets = s_axvirtio.resets;
		CHECK_EQ(block_device_read(disk, 0, 4, s_buffer), cases[i].error);
		CHECK_EQ(s_axvirtio.resets, resets + 1);
		CHECK_EQ(s_axvirtio.status, VIRTIO_STATUS_FAILED);
		s_model.lie = MODEL_HONEST;
		CHECK_EQ(block_device_read(disk, 0, 4, s_buffer), AX_ERR_NO_DEVICE);
		CHECK_EQ(block_device_flush(disk), AX_OK); /* no cache, no device needed */
	}
	fresh(0);
	block_device_t *disk = start();
	s_model.lie = MODEL_NEEDS_RESET;
	CHECK_EQ(block_device_read(disk, 0, 4, s_buffer), AX_ERR_IO);
	CHECK_EQ(block_device_read(disk, 0, 4, s_buffer), AX_ERR_NO_DEVICE);
}

TEST(what_a_device_says_of_itself_that_cannot_be_is_refused)
{
	static const struct {
		uint64_t features;
		size_t offset, bytes;
		uint64_t value;
	} cases[] = {
		{ F_BLK_SIZE, 20, 4, 100 },	 { F_BLK_SIZE, 20, 4, 1u << 20 }, { 0, 0, 8, 0 },
		{ 0, 0, 8, UINT64_MAX },	 { F_SEG_MAX, 12, 4, 0 },	  { UINT64_C(1) << 1, 8, 4, 511 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fresh(cases[i].features);
		model_config(cases[i].offset, cases[i].value, cases[i].bytes);
		CHECK_EQ(virtio_blk_init(&s_disk, &s_axvirtio.device, "vda", &s_user), AX_ERR_IO);
		CHECK_EQ(s_axvirtio.status, VIRTIO_STATUS_FAILED);
		CHECK_EQ(s_axvirtio.allocated, 0);
	}
	fresh(0);
	s_axvirtio.most_queues = 0;
	CHECK_EQ(virtio_blk_init(&s_disk, &s_axvirtio.device, "vda", &s_user), AX_ERR_NOT_FOUND);
	fresh(0);
	s_axvirtio.queue_size = 2;
	CHECK_EQ(virtio_blk_init(&s_disk, &s_axvirtio.device, "vda", &s_user), AX_ERR_IO);
	CHECK_EQ(s_axvirtio.allocated, 0);
	fresh(0);
	s_axvirtio.no_memory = true;
	CHECK_EQ(virtio_blk_init(&s_disk, &s_axvirtio.device, "vda", &s_user), AX_ERR_NO_MEMORY);
}
