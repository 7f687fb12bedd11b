/* SPDX-License-Identifier: Apache-2.0 */
#include "blktest.h"

enum { THREADS = 8, ROUNDS = 40, PART_BYTES = 64 << 10 };

static block_device_t *s_disk;

/* Random writes and reads within this thread's part, against a copy in memory. @return how many went wrong */
static void *work(void *number)
{
	uint64_t random = (uintptr_t)number + 1, wrong = 0;
	uint64_t blocks = PART_BYTES >> s_disk->block_shift, part = (uintptr_t)number * blocks;
	uint8_t *model = ax_alloc(PART_BYTES), *buffer = ax_alloc(PART_BYTES);
	if (!model || !buffer || block_device_read(s_disk, part, blocks, model) != AX_OK)
		return (void *)1;
	for (unsigned i = 0; i < ROUNDS; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		uint64_t first = (random >> 33) % blocks, count = 1 + (random >> 50) % (blocks - first);
		size_t bytes = count << s_disk->block_shift;
		uint8_t *at = model + (first << s_disk->block_shift);
		if (i % 2) {
			memset(at, (int)(random >> 40), bytes);
			wrong += block_device_write(s_disk, part + first, count, at) != AX_OK;
		} else {
			wrong += block_device_read(s_disk, part + first, count, buffer) != AX_OK || memcmp(buffer, at, bytes);
		}
	}
	ax_free(model);
	ax_free(buffer);
	return (void *)(uintptr_t)wrong;
}

void check_threads(block_device_t *disk)
{
	ax_thread_t *threads[THREADS];
	bool good = true;
	s_disk = disk;
	for (uintptr_t i = 0; i < THREADS; i++)
		good &= ax_thread_spawn(work, (void *)i, &threads[i]) == AX_OK;
	for (size_t i = 0; good && i < THREADS; i++) {
		void *wrong;
		good = ax_thread_join(threads[i], &wrong) == AX_OK && !wrong;
	}
	check("threads_do_not_mix_their_parts", good);
}
