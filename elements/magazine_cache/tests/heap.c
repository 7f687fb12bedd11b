/* SPDX-License-Identifier: Apache-2.0 */
/* The tests' heap; heap.h tells what it watches. */
#include "heap.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const size_t heap_block_bytes[HEAP_CLASSES] = { 16, 48, 256, 2048 };
const uint32_t heap_rounds[HEAP_CLASSES] = { 64, 32, 8, 1 };
atomic_int heap_violations;
atomic_int heap_allocate_calls, heap_free_calls;

enum place { AT_HEAP, AT_MAGAZINE, HELD };

typedef struct block_state {
	_Atomic(enum place) place;
	unsigned char mark; /* its holder's */
} block_state_t;

enum { MAX_BYTES = 2048 };

static _Alignas(16) unsigned char s_memory[HEAP_CLASSES][HEAP_BLOCKS * MAX_BYTES];
static block_state_t s_state[HEAP_CLASSES][HEAP_BLOCKS];
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER; /* protects what follows */
static uint32_t s_free[HEAP_CLASSES][HEAP_BLOCKS];
static uint32_t s_left[HEAP_CLASSES];

static unsigned class_of(const void *block)
{
	return (unsigned)(((uintptr_t)block - (uintptr_t)s_memory) / sizeof s_memory[0]);
}

static uint32_t index_of(const void *block)
{
	unsigned class = class_of(block);
	return (uint32_t)(((uintptr_t)block - (uintptr_t)s_memory[class]) / heap_block_bytes[class]);
}

static block_state_t *state_of(const void *block)
{
	return &s_state[class_of(block)][index_of(block)];
}

static void move(const void *block, enum place from, enum place to)
{
	if (atomic_exchange_explicit(&state_of(block)->place, to, memory_order_relaxed) != from)
		heap_violations++;
}

void heap_init(uint32_t blocks)
{
	memset(s_state, 0, sizeof s_state);
	heap_violations = heap_allocate_calls = heap_free_calls = 0;
	for (unsigned class = 0; class < HEAP_CLASSES; class++) {
		s_left[class] = blocks;
		for (uint32_t i = 0; i < blocks; i++)
			s_free[class][i] = i;
	}
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0))
		heap_violations++;
}

uint32_t heap_left(unsigned class)
{
	pthread_mutex_lock(&s_lock);
	uint32_t left = s_left[class];
	pthread_mutex_unlock(&s_lock);
	return left;
}

static uint32_t allocate(unsigned class, uint32_t count, void **blocks)
{
	uint32_t got = 0;
	void *list = NULL;
	heap_allocate_calls++;
	pthread_mutex_lock(&s_lock);
	for (; got < count && s_left[class]; got++) {
		void *block = &s_memory[class][s_free[class][--s_left[class]] * heap_block_bytes[class]];
		move(block, AT_HEAP, AT_MAGAZINE);
		*(void **)block = list;
		list = block;
	}
	pthread_mutex_unlock(&s_lock);
	*blocks = list;
	return got;
}

static void free_blocks(void *blocks)
{
	heap_free_calls++;
	pthread_mutex_lock(&s_lock);
	while (blocks) {
		void *next = *(void **)blocks;
		unsigned class = class_of(blocks);
		move(blocks, AT_MAGAZINE, AT_HEAP);
		s_free[class][s_left[class]++] = index_of(blocks);
		blocks = next;
	}
	pthread_mutex_unlock(&s_lock);
}

/* The process's threads play CPUs, and the kernel interrupts them where they run. */
static void fence_all(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0))
		heap_violations++;
}

const magazine_heap_t heap_ops = { allocate, free_blocks, fence_all };

void heap_hold(unsigned class, void *block, unsigned char mark)
{
	if (class_of(block) != class)
		heap_violations++;
	move(block, AT_MAGAZINE, HELD);
	memset(block, mark, heap_block_bytes[class]);
	state_of(block)->mark = mark;
}

void heap_let_go(unsigned class, void *block)
{
	const unsigned char *bytes = block;
	unsigned char mark = state_of(block)->mark;
	for (size_t i = 0; i < heap_block_bytes[class]; i++) {
		if (bytes[i] != mark) {
			heap_violations++;
			break;
		}
	}
	move(block, HELD, AT_MAGAZINE);
}

bool heap_is_held(const void *block)
{
	return atomic_load_explicit(&state_of(block)->place, memory_order_relaxed) == HELD;
}
