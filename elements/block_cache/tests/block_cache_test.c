/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache over a device with a volatile cache of its own: what is written is logged, and durable at a flush. Reads and
 * writes fail where they are told to; memory runs out when it is told to; and power is cut at every point of the log.
 */
#include <axtest.h>
#include <block_cache/block_cache.h>
#include <driver_block/driver.h>

enum { PAGE = BLOCK_CACHE_PAGE_BYTES, PAGES = 64, BYTES = PAGES * PAGE + 1024, BLOCK = 512, LOG = 4096, FLUSH = UINT16_MAX };

static struct {
	block_device_t device;
	uint8_t memory[BYTES];
	struct {
		uint16_t page; /* FLUSH: what was logged before is durable */
		uint8_t value; /* of its first byte */
	} log[LOG];
	size_t logged, reads, writes, flushes;
	uint64_t bad_read, bad_write; /* blocks */
	bool bad_flush;
} s_model;

static size_t s_memory_left, s_in_use, s_locked;

static bool hits(const block_request_t *request, uint64_t block)
{
	return block - request->first < request->count;
}

static ax_err_t carry_out(const block_request_t *request)
{
	if (request->op == BLOCK_FLUSH) {
		s_model.flushes++;
		if (s_model.bad_flush)
			return AX_ERR_IO;
		s_model.log[s_model.logged++].page = FLUSH;
		return AX_OK;
	}
	bool reads = request->op == BLOCK_READ;
	*(reads ? &s_model.reads : &s_model.writes) += 1;
	if (hits(request, reads ? s_model.bad_read : s_model.bad_write))
		return AX_ERR_IO;
	uint8_t *at = s_model.memory + request->first * BLOCK;
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		memcpy(reads ? segment->start : at, reads ? at : segment->start, segment->bytes);
		for (size_t page = 0; !reads && page < segment->bytes && (size_t)(at - s_model.memory) % PAGE == 0; page += PAGE) {
			CHECK(s_model.logged < LOG);
			s_model.log[s_model.logged].page = (uint16_t)((size_t)(at - s_model.memory + page) / PAGE);
			s_model.log[s_model.logged++].value = at[page];
		}
		at += segment->bytes;
	}
	return AX_OK;
}

static bool model_submit([[maybe_unused]] block_device_t *device, block_request_t *request)
{
	block_request_complete(request, carry_out(request));
	return true;
}

static void model_nothing([[maybe_unused]] block_device_t *device)
{
}

static void model_wait([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(model_ops, model_submit, model_nothing, model_nothing, model_wait);

static void *allocate(size_t bytes)
{
	if (!s_memory_left)
		return NULL;
	s_memory_left--;
	s_in_use++;
	return aligned_alloc(16, (bytes + 15) & ~(size_t)15);
}

static void *allocate_page(void)
{
	return allocate(PAGE);
}

static void free_(void *block)
{
	s_in_use -= block != NULL;
	free(block);
}

static void lock([[maybe_unused]] void *context)
{
	CHECK_EQ(s_locked++, 0);
}

static void unlock([[maybe_unused]] void *context)
{
	CHECK_EQ(s_locked--, 1);
}

static const block_cache_host_t s_host = { allocate, free_, allocate_page, free_, lock, unlock, NULL };
static block_cache_t s_cache;

static block_cache_t *fresh(size_t max_pages, size_t max_dirty)
{
	CHECK_EQ(s_in_use, 0);
	memset(&s_model, 0, sizeof s_model);
	for (size_t i = 0; i < BYTES; i++)
		s_model.memory[i] = (uint8_t)(i / PAGE + i);
	s_model.bad_read = s_model.bad_write = UINT64_MAX;
	s_model.device = (block_device_t){
		.name = "model", .block_count = BYTES / BLOCK, .block_bytes = BLOCK, .preferred_blocks = 1, .max_segments = 20,
		.max_blocks = 1000, .is_volatile = true,
	};
	BLOCK_DRIVER_ATTACH(&s_model.device, model_ops);
	s_memory_left = SIZE_MAX;
	block_cache_init(&s_cache, &s_model.device, &s_host, max_pages, max_dirty);
	return &s_cache;
}

static uint8_t s_buffer[BYTES];

TEST(bytes_are_read_and_written_at_any_place_and_stay_in_memory_until_the_flush)
{
	block_cache_t *cache = fresh(100, 100);
	CHECK_EQ(block_cache_read(cache, 5000, s_buffer, 9000), AX_OK);
	CHECK(!memcmp(s_buffer, s_model.memory + 5000, 9000));
	memset(s_buffer, 0x77, 9000);
	CHECK_EQ(block_cache_write(cache, 6001, s_buffer, 7001), AX_OK);
	CHECK_EQ(s_model.writes, 0);
	CHECK_EQ(block_cache_read(cache, 0, s_buffer, BYTES), AX_OK);
	for (size_t i = 0; i < BYTES; i++)
		CHECK_EQ(s_buffer[i], i >= 6001 && i < 13002 ? 0x77 : (uint8_t)(i / PAGE + i));
	CHECK_EQ(block_cache_flush(cache), AX_OK);
	CHECK_EQ(s_model.writes, 1); /* neighbours are one request */
	CHECK_EQ(s_model.flushes, 1);
	CHECK(!memcmp(s_model.memory, s_buffer, BYTES));
	CHECK_EQ(block_cache_flush(cache), AX_OK);
	CHECK_EQ(s_model.flushes, 1); /* nothing to make durable */
	CHECK_EQ(block_cache_end(cache), AX_OK);
}

TEST(the_end_of_the_device_may_be_a_part_of_a_page)
{
	block_cache_t *cache = fresh(10, 10);
	memset(s_buffer, 1, 2000);
	CHECK_EQ(block_cache_write(cache, BYTES - 2000, s_buffer, 2000), AX_OK);
	CHECK_EQ(block_cache_write(cache, BYTES - 1, s_buffer, 2), AX_ERR_OUT_OF_RANGE);
	CHECK_EQ(block_cache_read(cache, UINT64_MAX, s_buffer, 2), AX_ERR_OUT_OF_RANGE);
	CHECK_EQ(block_cache_end(cache), AX_OK);
	CHECK_EQ(s_model.memory[BYTES - 1], 1);
	CHECK_EQ(s_model.memory[BYTES - 2001], (uint8_t)((BYTES - 2001) / PAGE + BYTES - 2001));
}

TEST(sequential_reads_are_ahead_and_random_ones_are_not)
{
	block_cache_t *cache = fresh(100, 100);
	for (size_t i = 0; i < 31; i++)
		CHECK_EQ(block_cache_read(cache, i * PAGE, s_buffer, 100), AX_OK);
	CHECK_EQ(s_model.reads, 5); /* of 1, 2, 4, 8 and 16 pages */
	CHECK_EQ(cache->read_ahead, 31 - 5);
	CHECK_EQ(block_cache_read(cache, 50 * PAGE, s_buffer, 100), AX_OK);
	CHECK_EQ(block_cache_read(cache, 40 * PAGE, s_buffer, 100), AX_OK);
	CHECK_EQ(cache->read_ahead, 31 - 5);
	CHECK_EQ(block_cache_end(cache), AX_OK);
}

TEST(memory_stays_within_its_limit_and_writers_pay_for_dirty_pages)
{
	block_cache_t *cache = fresh(8, 4);
	uint64_t random = 1;
	memcpy(s_buffer, s_model.memory, BYTES);
	for (unsigned i = 0; i < 3000; i++) {
		random = random * 6364136223846793005u + 1;
		size_t at = (random >> 33) % (BYTES - 9000), bytes = 1 + (random >> 20) % 9000;
		static uint8_t piece[9000];
		if (i % 3) {
			CHECK_EQ(block_cache_read(cache, at, piece, bytes), AX_OK);
			CHECK(!memcmp(piece, s_buffer + at, bytes));
		} else {
			memset(s_buffer + at, (int)i, bytes);
			CHECK_EQ(block_cache_write(cache, at, s_buffer + at, bytes), AX_OK);
			s_model.logged = 0;
		}
		CHECK(cache->pages <= 8 && cache->dirty <= 4);
	}
	CHECK_EQ(block_cache_end(cache), AX_OK);
	CHECK(!memcmp(s_model.memory, s_buffer, BYTES));
}

TEST(without_memory_it_works_all_the_same)
{
	for (size_t left = 0; left < 12; left++) {
		block_cache_t *cache = fresh(100, 100);
		s_memory_left = left;
		memset(s_buffer, 9, 20000);
		CHECK_EQ(block_cache_write(cache, 1001, s_buffer, 20000), AX_OK);
		CHECK_EQ(block_cache_write(cache, 100000, s_buffer, 7), AX_OK);
		CHECK_EQ(block_cache_read(cache, 0, s_buffer, 30000), AX_OK);
		for (size_t i = 0; i < 30000; i++)
			CHECK_EQ(s_buffer[i], i >= 1001 && i < 21001 ? 9 : (uint8_t)(i / PAGE + i));
		CHECK_EQ(block_cache_end(cache), AX_OK);
		CHECK(s_model.memory[100000] == 9 && s_model.memory[21000] == 9);
	}
}

TEST(a_read_error_is_the_readers_and_what_is_beside_it_can_be_read)
{
	block_cache_t *cache = fresh(100, 100);
	s_model.bad_read = 5 * PAGE / BLOCK;
	for (size_t i = 0; i < 10; i++)
		CHECK_EQ(block_cache_read(cache, i * PAGE, s_buffer, PAGE), i == 5 ? AX_ERR_IO : AX_OK);
	CHECK_EQ(block_cache_write(cache, 5 * PAGE + 1, s_buffer, 1), AX_ERR_IO);
	CHECK_EQ(block_cache_write(cache, 5 * PAGE, s_buffer, PAGE), AX_OK); /* a whole page needs no reading */
	CHECK_EQ(block_cache_end(cache), AX_OK);
}

TEST(a_write_error_is_every_flushs_until_the_page_is_written)
{
	block_cache_t *cache = fresh(100, 2);
	memset(s_buffer, 3, 6 * PAGE);
	s_model.bad_write = 2 * PAGE / BLOCK;
	CHECK_EQ(block_cache_write(cache, 0, s_buffer, 6 * PAGE), AX_OK); /* write-back on the way fails, silently as yet */
	CHECK_EQ(block_cache_flush(cache), AX_ERR_IO);
	CHECK_EQ(block_cache_flush(cache), AX_ERR_IO);
	s_model.bad_write = UINT64_MAX;
	CHECK_EQ(block_cache_flush(cache), AX_OK);
	CHECK_EQ(s_model.memory[2 * PAGE], 3);
	CHECK_EQ(block_cache_write(cache, 0, s_buffer, 1), AX_OK);
	s_model.bad_flush = true;
	CHECK_EQ(block_cache_flush(cache), AX_ERR_IO);
	CHECK_EQ(block_cache_flush(cache), AX_ERR_IO); /* nothing is dirty, but not durable either */
	s_model.bad_flush = false;
	CHECK_EQ(block_cache_flush(cache), AX_OK);
	CHECK_EQ(block_cache_end(cache), AX_OK);
}

TEST(a_cache_full_of_what_cannot_be_written_tells_the_writer)
{
	block_cache_t *cache = fresh(4, 2);
	memset(s_buffer, 3, PAGE);
	s_model.bad_write = 0;
	CHECK_EQ(block_cache_write(cache, 0, s_buffer, PAGE), AX_OK);
	ax_err_t error = AX_OK;
	for (size_t i = 1; i < 20 && !error; i++) {
		block_cache_barrier(cache);
		error = block_cache_write(cache, i * PAGE, s_buffer, PAGE);
	}
	CHECK_EQ(error, AX_ERR_IO);
	CHECK_EQ(block_cache_end(cache), AX_ERR_IO);
}

/* The value that page p had after epoch e, in the run below: written[e][p], 0 if not written in it. */
enum { CUT_PAGES = 12, EPOCHS = 40 };
static uint8_t s_written[EPOCHS + 1][CUT_PAGES];

static uint8_t value_after(unsigned epoch, unsigned page)
{
	for (; epoch; epoch--) {
		if (s_written[epoch][page])
			return s_written[epoch][page];
	}
	return 0;
}

/* What is there if power fails after @p cut entries: all up to the last flush, of the rest what the dice say. */
static void image_at(size_t cut, uint64_t *random, uint8_t *image)
{
	size_t durable = 0;
	for (size_t i = 0; i < cut; i++)
		durable = s_model.log[i].page == FLUSH ? i : durable;
	memset(image, 0, CUT_PAGES);
	for (size_t i = 0; i < cut; i++) {
		*random = *random * 6364136223846793005u + 1;
		if (s_model.log[i].page != FLUSH && (i < durable || *random >> 63))
			image[s_model.log[i].page] = s_model.log[i].value;
	}
}

/* If anything of an epoch is there, all of those before it is. */
static void check_order(const uint8_t *image)
{
	uint8_t newest = 0;
	for (unsigned page = 0; page < CUT_PAGES; page++)
		newest = AX_MAX(newest, image[page]);
	for (unsigned page = 0; newest && page < CUT_PAGES; page++)
		CHECK(image[page] >= value_after(newest - 1u, page));
}

TEST(power_that_fails_at_any_moment_finds_epochs_in_order_and_synced_data_there)
{
	static const size_t limits[][2] = { { 100, 100 }, { 100, 3 }, { 4, 2 }, { 0, 0 } };
	for (size_t limit = 0; limit < 4; limit++) {
		block_cache_t *cache = fresh(limits[limit][0], limits[limit][1]);
		uint64_t random = limit + 1;
		size_t synced_at[EPOCHS + 1] = { 0 };
		memset(s_model.memory, 0, sizeof s_model.memory);
		memset(s_written, 0, sizeof s_written);
		for (unsigned epoch = 1; epoch <= EPOCHS; epoch++) {
			block_cache_barrier(cache);
			for (unsigned i = 0; i < 6; i++) {
				random = random * 6364136223846793005u + 1;
				unsigned page = (random >> 40) % CUT_PAGES;
				s_written[epoch][page] = (uint8_t)epoch;
				CHECK_EQ(block_cache_write(cache, page * PAGE, &s_written[epoch][page], 1), AX_OK);
			}
			if (epoch % 7 == 0) {
				CHECK_EQ(block_cache_flush(cache), AX_OK);
				synced_at[epoch] = s_model.logged;
			}
		}
		CHECK_EQ(block_cache_end(cache), AX_OK);
		for (size_t cut = 0; cut <= s_model.logged; cut++) {
			for (unsigned dice = 0; dice < 5; dice++) {
				uint8_t image[CUT_PAGES];
				image_at(cut, &random, image);
				check_order(image);
				for (unsigned epoch = 7; epoch <= EPOCHS; epoch += 7)
					for (unsigned page = 0; cut >= synced_at[epoch] && page < CUT_PAGES; page++)
						CHECK(image[page] >= value_after(epoch, page));
			}
		}
	}
}
