/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What files in memory cost. Arguments: ROUNDS, then the loops to run; all without.
 *
 *	open      open+close        open a file that is there, for reading and writing, and close it
 *	stat      stat              attributes by path
 *	create    create+unlink     make an empty file, close and remove it
 *	bytes     read-1, write-1   one byte at the position, in a file of 256 KiB that is there, over and over
 *	sizes     read-<n>, write-<n>   the same with more bytes, and beside each batch memcpy() of n bytes, what a read or
 *	          copy-out-<n>, copy-in-<n>   write cannot undercut: out of 256 KiB of memory, or into them
 *
 * The file is in the directory that Linux has as tmpfs: /dev/shm if there is one, else /tmp. Rows of devices and of a
 * database have benches of their own, on the same names of api.h.
 */
#include <api.h>
#include <axbench/axbench.h>

enum { ROUNDS = 10000, FILE_BYTES = 256 * 1024, BLOCK_MAX = 64 * 1024 };

static const size_t s_sizes[] = { 1, 16, 64, 256, 1024, 4096, 16384, 65536 };
/* Where pages begin, as a file's contents do: reads and copies then differ in nothing but what is called. */
static _Alignas(4096) char s_buffer[BLOCK_MAX], s_memory[FILE_BYTES];
static const char *s_path = "/dev/shm/bench_files.data", *s_other = "/dev/shm/bench_files.new";

/* "read-" and the number. */
static char *named(const char *operation, size_t bytes)
{
	static char name[32];
	char digits[16];
	size_t at = 0, count = 0;
	while (operation[at]) {
		name[at] = operation[at];
		at++;
	}
	do
		digits[count++] = (char)('0' + bytes % 10);
	while (bytes /= 10);
	while (count)
		name[at++] = digits[--count];
	name[at] = 0;
	return name;
}

/* The file, with contents; in /tmp if there is no /dev/shm. */
static bool prepare(void)
{
	bench_file_t file = BENCH_FILE_CLOSED;
	if (!bench_create(&file, s_path)) {
		s_path = "/tmp/bench_files.data";
		s_other = "/tmp/bench_files.new";
		if (!bench_create(&file, s_path))
			return false;
	}
	bool ok = true;
	memset(s_buffer, 'x', sizeof s_buffer);
	memset(s_memory, 'y', sizeof s_memory); /* pages of its own, as the file has */
	for (size_t i = 0; i < FILE_BYTES / BLOCK_MAX; i++)
		ok &= bench_write(&file, s_buffer, BLOCK_MAX);
	bench_close(&file);
	return ok;
}

static bool open_and_close(uint64_t rounds)
{
	bool ok = true;
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_file_t file = BENCH_FILE_CLOSED;
			ok &= bench_open(&file, s_path);
			axbench_keep(&file);
			bench_close(&file);
		}
		axbench_time_t took = axbench_stop(start);
		if (batch >= 0)
			axbench_report("open+close", took, rounds);
	}
	return ok;
}

static bool stat_by_path(uint64_t rounds)
{
	bool ok = true;
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++)
			ok &= bench_stat(s_path);
		axbench_time_t took = axbench_stop(start);
		if (batch >= 0)
			axbench_report("stat", took, rounds);
	}
	return ok;
}

static bool create_and_unlink(uint64_t rounds)
{
	bool ok = true;
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_file_t file = BENCH_FILE_CLOSED;
			ok &= bench_create(&file, s_other);
			bench_close(&file);
			ok &= bench_unlink(s_other);
		}
		axbench_time_t took = axbench_stop(start);
		if (batch >= 0)
			axbench_report("create+unlink", took, rounds);
	}
	return ok;
}

typedef bool transfer_t(bench_file_t *file, void *buffer, size_t bytes);

static inline bool write_block(bench_file_t *file, void *buffer, size_t bytes)
{
	return bench_write(file, buffer, bytes);
}

/* Going back to the start costs one seek in as many operations as fit the file: at 64 KiB one in four. */
static inline __attribute__((always_inline)) bool transfer(const char *operation, transfer_t *call, bench_file_t *file,
							    size_t bytes, uint64_t rounds)
{
	size_t left = FILE_BYTES / bytes;
	bool ok = bench_rewind(file);
	axbench_time_t start = axbench_begin();
	for (uint64_t i = 0; i < rounds; i++) {
		if (left-- == 0) {
			ok &= bench_rewind(file);
			left = FILE_BYTES / bytes - 1;
		}
		ok &= call(file, s_buffer, bytes);
	}
	axbench_time_t took = axbench_stop(start);
	if (operation)
		axbench_report(named(operation, bytes), took, rounds);
	return ok;
}

/* memcpy(), the one end at 256 KiB that are gone through, the other at the buffer, as in a read or write. */
static inline __attribute__((always_inline)) void copy(const char *operation, bool out, size_t bytes, uint64_t rounds)
{
	size_t at = 0;
	axbench_time_t start = axbench_begin();
	for (uint64_t i = 0; i < rounds; i++) {
		size_t length = bytes;
		__asm__ volatile("" : "+r"(length)); /* not known, as a file system does not know it */
		memcpy(out ? s_buffer : s_memory + at, out ? s_memory + at : s_buffer, length);
		axbench_keep(s_buffer);
		at = (at + bytes) % FILE_BYTES;
	}
	axbench_time_t took = axbench_stop(start);
	if (operation)
		axbench_report(named(operation, bytes), took, rounds);
}

/* Large blocks are repeated less often. */
static uint64_t rounds_of(size_t bytes, uint64_t rounds)
{
	const uint64_t share = rounds / (1 + bytes / 1024);
	return share > 8 ? share : 8;
}

/* What is compared is measured in turn, so that the machine's moods meet both. */
static bool by_size(size_t bytes, uint64_t rounds, bool with_copies)
{
	bench_file_t file = BENCH_FILE_CLOSED;
	bool ok = bench_open(&file, s_path);
	rounds = rounds_of(bytes, rounds);
	for (int batch = -1; ok && batch < AXBENCH_BATCHES; batch++) {
		const bool told = batch >= 0;
		ok &= transfer(told ? "read-" : NULL, bench_read, &file, bytes, rounds);
		if (with_copies)
			copy(told ? "copy-out-" : NULL, true, bytes, rounds);
		ok &= transfer(told ? "write-" : NULL, write_block, &file, bytes, rounds);
		if (with_copies)
			copy(told ? "copy-in-" : NULL, false, bytes, rounds);
	}
	bench_close(&file);
	return ok;
}

static bool one_byte(uint64_t rounds)
{
	return by_size(1, rounds, false);
}

static bool sizes(uint64_t rounds)
{
	bool ok = true;
	for (size_t i = 0; i < sizeof s_sizes / sizeof *s_sizes; i++)
		ok &= by_size(s_sizes[i], rounds, true);
	return ok;
}

static const struct {
	const char *name;
	bool (*run)(uint64_t rounds);
	unsigned share;
} s_loops[] = {
	{ "open", open_and_close, 1 },
	{ "stat", stat_by_path, 1 },
	{ "create", create_and_unlink, 4 },
	{ "bytes", one_byte, 1 },
	{ "sizes", sizes, 1 },
};

int main(int argc, char **argv)
{
	const uint64_t rounds = axbench_rounds(argc, argv, ROUNDS);
	if (!prepare())
		return 1;
	for (size_t i = 0; i < sizeof s_loops / sizeof *s_loops; i++) {
		const uint64_t share = rounds / s_loops[i].share;
		if (axbench_wants(argc, argv, s_loops[i].name) && !s_loops[i].run(share ? share : 1))
			return 1;
	}
	return bench_unlink(s_path) ? 0 : 1;
}
