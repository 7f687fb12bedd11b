/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a block device must do, on vda, which is written, and vdb, which is read-only. Both begin as zeroes. Buffers lie in
 * the image, on the stack and in the heap: devices must find all of them.
 */
#include <axstd/axstd.h>
#include <blktest/features.h>

#include "blktest.h"

enum { PATTERN_AT = 65536, PATTERN_BYTES = 16384, REQUESTS = 200 };

static bool s_failed;
static uint8_t s_pattern[PATTERN_BYTES];

void check(const char *name, bool holds)
{
	ax_print("%s: %s\n", name, holds ? "holds" : "FAILS");
	s_failed |= !holds;
}

static void fill(uint8_t *to, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(i * 7 + (i >> 9));
}

static bool is_zero(const uint8_t *bytes, size_t count)
{
	while (count && !*bytes) {
		bytes++;
		count--;
	}
	return !count;
}

static void check_contents(block_device_t *disk)
{
	uint64_t at = PATTERN_AT >> disk->block_shift, count = PATTERN_BYTES >> disk->block_shift;
	uint8_t small[2048];
	fill(s_pattern, sizeof s_pattern);
	check("a_new_disk_is_zeroes", block_device_read(disk, 0, sizeof small >> disk->block_shift, small) == AX_OK &&
					      is_zero(small, sizeof small));
	check("a_write_is_taken", block_device_write(disk, at, count, s_pattern) == AX_OK);
	check("a_flush_is_taken", block_device_flush(disk) == AX_OK);
	check("it_is_read_onto_the_stack", block_device_read(disk, at + 4, sizeof small >> disk->block_shift, small) == AX_OK &&
						   !memcmp(small, s_pattern + (4 << disk->block_shift), sizeof small));
	uint8_t *heap = ax_alloc(PATTERN_BYTES + 1);
	check("it_is_read_to_an_odd_address_of_the_heap",
	      heap && block_device_read(disk, at, count, heap + 1) == AX_OK && !memcmp(heap + 1, s_pattern, PATTERN_BYTES));
	ax_free(heap);
}

static void check_large(block_device_t *disk)
{
	size_t bytes = 3 << 20;
	uint8_t *out = ax_alloc(bytes), *in = ax_alloc(bytes);
	uint64_t first = (512 << 10) >> disk->block_shift, count = bytes >> disk->block_shift;
	bool good = out && in;
	if (good) {
		fill(out, bytes);
		good = block_device_write(disk, first, count, out) == AX_OK && block_device_read(disk, first, count, in) == AX_OK &&
		       !memcmp(in, out, bytes);
	}
	check("more_than_a_request_can_hold_is_whole", good);
	good = block_device_write_zeroes(disk, first + 1, count - 2) == AX_OK &&
	       block_device_read(disk, first, count, in) == AX_OK;
	size_t block = disk->block_bytes;
	check("zeroes_are_written_and_nothing_beside",
	      good && is_zero(in + block, bytes - 2 * block) && !memcmp(in, out, block) &&
		      !memcmp(in + bytes - block, out + bytes - block, block));
	/* What lies there is undefined until it is written again; what lies beside it is not. */
	ax_err_t error = block_device_discard(disk, first + 1, count - 2);
	good = disk->can_discard && (error == AX_OK || error == AX_ERR_NOT_SUPPORTED) &&
	       block_device_write(disk, first + 2, 8, out) == AX_OK && block_device_read(disk, first, count, in) == AX_OK;
	check("what_is_discarded_can_be_written_and_nothing_beside_is_lost",
	      good && !memcmp(in + 2 * block, out, 8 * block) && !memcmp(in, out, block) &&
		      !memcmp(in + bytes - block, out + bytes - block, block));
	ax_free(out);
	ax_free(in);
}

/* More requests than any queue holds, of two segments each, out of order on the disk. */
static void check_many(block_device_t *disk)
{
	static block_request_t requests[REQUESTS], *list[REQUESTS];
	static block_segment_t segments[REQUESTS][2];
	static uint8_t blocks[REQUESTS][2][512], back[REQUESTS][1024];
	bool good = disk->block_bytes == 512;
	for (size_t i = 0; i < REQUESTS; i++) {
		fill(blocks[i][0], 512);
		blocks[i][0][0] = (uint8_t)i;
		blocks[i][1][0] = (uint8_t)~i;
		segments[i][0] = (block_segment_t){ blocks[i][0], 512 };
		segments[i][1] = (block_segment_t){ blocks[i][1], 512 };
		requests[i] = BLOCK_REQUEST(BLOCK_WRITE, (i * 37 % REQUESTS) * 2, 2, segments[i], 2);
		list[i] = &requests[i];
	}
	block_device_submit_all(disk, list, REQUESTS);
	for (size_t i = 0; i < REQUESTS; i++)
		good &= block_device_wait(disk, &requests[i]) == AX_OK;
	good &= block_device_read(disk, 0, REQUESTS * 2, back) == AX_OK;
	for (size_t i = 0; i < REQUESTS; i++)
		good &= !memcmp(back[i * 37 % REQUESTS], blocks[i], 1024);
	check("many_requests_at_once_are_all_carried_out", good);
}

static void check_refusals(block_device_t *disk)
{
	uint8_t block[4096];
	check("past_the_end_is_refused", block_device_read(disk, disk->block_count, 1, block) == AX_ERR_OUT_OF_RANGE &&
						 block_device_write(disk, UINT64_MAX, 1, block) == AX_ERR_OUT_OF_RANGE);
	block_segment_t odd = { block, disk->block_bytes - 1 };
	check("a_part_of_a_block_is_refused", block_device_read_segments(disk, 0, &odd, 1) == AX_ERR_INVALID_INPUT);
}

static void check_read_only(block_device_t *disk)
{
	uint8_t block[4096];
	check("a_read_only_disk_is_read", disk->read_only && block_device_read(disk, 0, 1, block) == AX_OK);
	check("a_read_only_disk_is_not_written", block_device_write(disk, 0, 1, block) == AX_ERR_READ_ONLY);
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	block_device_t *disk = axblock_find("vda"), *second = axblock_find("vdb");
	ax_print("%zu block devices\n", axblock_count());
	if (!disk)
		return 1;
	ax_print("vda: %llu KiB\n", (unsigned long long)block_device_bytes(disk) / 1024);
	check_contents(disk);
	check_many(disk);
	check_large(disk);
	check_refusals(disk);
	if (second)
		check_read_only(second);
#if BLKTEST_FEATURE_THREADS
	check_threads(disk);
#endif
	check("the_pattern_is_there_at_the_end", block_device_write(disk, PATTERN_AT >> disk->block_shift,
								     PATTERN_BYTES >> disk->block_shift, s_pattern) == AX_OK &&
							 block_device_flush(disk) == AX_OK);
	return s_failed;
}
