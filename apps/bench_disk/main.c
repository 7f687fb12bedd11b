/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transfers of vda, one at a time, as a program with O_DIRECT and pread() or pwrite() does them: for each size of a
 * transfer a line `read sequential 4096 <bytes a second>`. The argument is how many MiB each line transfers (16); writes
 * end with a flush, which counts.
 */
#include <axstd/axstd.h>

enum { LARGEST = 1 << 20 };

typedef struct run {
	block_device_t *disk;
	void *buffer;
	bool writes, random;
	size_t bytes; /* of one transfer */
	uint64_t total;
} run_t;

static ax_err_t transfer(const run_t *run, uint64_t number)
{
	uint64_t blocks = run->bytes >> run->disk->block_shift;
	uint64_t first = number % (run->disk->block_count / blocks) * blocks;
	return run->writes ? block_device_write(run->disk, first, blocks, run->buffer)
			   : block_device_read(run->disk, first, blocks, run->buffer);
}

/* Nanoseconds; 0: an error. */
static uint64_t measure(const run_t *run)
{
	uint64_t random = 88172645463325252u, start_ns = ax_now_ns();
	ax_err_t error = AX_OK;
	for (uint64_t i = 0; !error && i < run->total / run->bytes; i++) {
		/* xorshift64: Marsaglia 2003 */
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		error = transfer(run, run->random ? random : i);
	}
	if (!error && run->writes)
		error = block_device_flush(run->disk);
	return error ? 0 : ax_now_ns() - start_ns;
}

static uint64_t read_number(const char *text)
{
	uint64_t number = 0;
	while (*text >= '0' && *text <= '9')
		number = number * 10 + (uint64_t)(*text++ - '0');
	return *text ? 0 : number;
}

int main(int argc, char **argv)
{
	static const size_t sizes[] = { 4096, 65536, LARGEST };
	uint64_t mib = argc > 1 ? read_number(argv[1]) : 16;
	run_t run = { .disk = axblock_find("vda"), .buffer = ax_alloc(LARGEST), .total = mib << 20 };
	if (!run.disk || !run.buffer || !mib || block_device_bytes(run.disk) < LARGEST) {
		ax_print("usage: bench_disk [MiB], with --disk IMAGE of at least 1 MiB\n");
		return 2;
	}
	for (int line = 0; line < 12; line++) {
		run.writes = line / 6;
		run.bytes = sizes[line % 6 / 2];
		run.random = line % 2;
		uint64_t ns = measure(&run);
		if (!ns) {
			ax_print("vda: an error\n");
			return 1;
		}
		ax_print("%s %s %zu %llu\n", run.writes ? "write" : "read", run.random ? "random" : "sequential", run.bytes,
			 (unsigned long long)(run.total * 1000 / (ns / 1000000 + 1)));
	}
	return 0;
}
