/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transfers of the first disk, one at a time, past any cache: for each size of a transfer a line
 * `read sequential 4096 <bytes a second>`. The argument is how many MiB each line transfers (16); writes end with a flush,
 * which counts. disk.h says what the calls are called: native, or on Linux (O_DIRECT), which `ax bench files` measures beside.
 */
#include <disk.h>

enum { LARGEST = 1 << 20 };

typedef struct run {
	disk_t disk;
	uint64_t disk_bytes;
	void *buffer;
	bool writes, random;
	size_t bytes; /* of one transfer */
	uint64_t total;
} run_t;

static bool transfer(const run_t *run, uint64_t number)
{
	uint64_t offset = number % (run->disk_bytes / run->bytes) * run->bytes;
	return disk_transfer(run->disk, run->writes, offset, run->buffer, run->bytes);
}

/* Nanoseconds; 0: an error. */
static uint64_t measure(const run_t *run)
{
	uint64_t random = 88172645463325252u, start_ns = disk_now_ns();
	bool good = true;
	for (uint64_t i = 0; good && i < run->total / run->bytes; i++) {
		/* xorshift64: Marsaglia 2003 */
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		good = transfer(run, run->random ? random : i);
	}
	if (good && run->writes)
		good = disk_flush(run->disk);
	return good ? disk_now_ns() - start_ns : 0;
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
	static const size_t sizes[] = { 4096, 16384, 65536, 262144, LARGEST };
	enum { SIZES = sizeof sizes / sizeof sizes[0] };
	uint64_t mib = argc > 1 ? read_number(argv[1]) : 16;
	run_t run = { .buffer = disk_buffer(LARGEST), .total = mib << 20 };
	if (!disk_open(&run.disk, &run.disk_bytes) || !run.buffer || !mib || run.disk_bytes < LARGEST) {
		disk_print("usage: bench_disk [MiB], with a disk of at least 1 MiB\n");
		return 2;
	}
	for (int line = 0; line < 4 * SIZES; line++) {
		run.writes = line / (2 * SIZES);
		run.bytes = sizes[line / 2 % SIZES];
		run.random = line % 2;
		uint64_t ns = measure(&run);
		if (!ns) {
			disk_print("the disk: an error\n");
			return 1;
		}
		disk_print("%s %s %zu %llu\n", run.writes ? "write" : "read", run.random ? "random" : "sequential", run.bytes,
			   (unsigned long long)(run.total * 1000000 / (ns / 1000 + 1)));
	}
	return 0;
}
