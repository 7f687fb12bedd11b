/* SPDX-License-Identifier: Apache-2.0 */
/* The host's threads play CPUs: every block has one holder, keeps its content, and comes back. */
#include <axtest.h>
#include <pthread.h>
#include <sched.h>

#include "heap.h"

enum { CPUS = 4, STEPS = 20000, SLOTS = 16, MAILBOXES = 32, STOPS = 300 };

static magazine_cache_t s_cache;
static magazine_cpu_t s_cpu[CPUS];

/* What can lie in a mailbox: who finds it frees it. */
typedef struct parcel {
	void *block;
	unsigned class;
} parcel_t;

void spin_relax(void)
{
	sched_yield();
}

static void init(uint32_t blocks)
{
	heap_init(blocks);
	magazine_cache_init(&s_cache, &heap_ops, HEAP_CLASSES, heap_rounds);
	memset(s_cpu, 0, sizeof s_cpu);
}

static void check_all_back(uint32_t blocks)
{
	magazine_cache_drain(&s_cache);
	for (unsigned class = 0; class < HEAP_CLASSES; class++)
		CHECK_EQ(heap_left(class), blocks);
	CHECK_EQ(heap_violations, 0);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* As a heap with magazines in front allocates: the magazines, the heap itself, and all magazines' blocks at last. */
static void *allocate(magazine_cpu_t *cpu, unsigned class)
{
	void *block = magazine_take(&s_cache, cpu, class);
	if (!block && !heap_ops.allocate(class, 1, &block) && magazine_cache_drain(&s_cache))
		heap_ops.allocate(class, 1, &block);
	return block;
}

static void release(magazine_cpu_t *cpu, unsigned class, void *block)
{
	heap_let_go(class, block);
	if (magazine_give(&s_cache, cpu, class, block))
		return;
	*(void **)block = NULL;
	heap_ops.free(block);
}

static parcel_t s_parcels[CPUS][STEPS / 8];
static _Atomic(parcel_t *) s_mailbox[MAILBOXES];
static atomic_int s_running;

/* Leave a block in a mailbox for whoever looks there next, and free what lay in it. */
static void mail(unsigned number, parcel_t *parcel, uint64_t random)
{
	parcel_t *found = atomic_exchange(&s_mailbox[random % MAILBOXES], parcel);
	if (found)
		release(&s_cpu[number], found->class, found->block);
}

static void *trace(void *argument)
{
	unsigned number = (unsigned)(uintptr_t)argument, parcels = 0;
	uint64_t state = 88172645463325252u + number;
	parcel_t slots[SLOTS] = {};
	for (int step = 0; step < STEPS; step++) {
		uint64_t random = next_random(&state);
		parcel_t *slot = &slots[random % SLOTS];
		if (slot->block && (random >> 8) % 8 == 0 && parcels < STEPS / 8) {
			s_parcels[number][parcels] = *slot;
			mail(number, &s_parcels[number][parcels++], random >> 16);
		} else if (slot->block) {
			release(&s_cpu[number], slot->class, slot->block);
		}
		slot->class = (unsigned)(random >> 32) % HEAP_CLASSES;
		slot->block = allocate(&s_cpu[number], slot->class);
		if (slot->block)
			heap_hold(slot->class, slot->block, (unsigned char)random);
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		if (slots[i].block)
			release(&s_cpu[number], slots[i].class, slots[i].block);
	}
	s_running--;
	return NULL;
}

static void run_trace(uint32_t blocks, void (*meanwhile)(void))
{
	pthread_t threads[CPUS];
	init(blocks);
	s_running = CPUS;
	for (uintptr_t i = 0; i < CPUS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, trace, (void *)i), 0);
	if (meanwhile)
		meanwhile();
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < MAILBOXES; i++)
		mail(0, NULL, i);
	check_all_back(blocks);
}

TEST(random_traces_on_four_cpus_hold_every_promise)
{
	run_trace(HEAP_BLOCKS, NULL);
}

/* Fewer blocks than the threads want: each allocation may have to take the others' magazines. */
TEST(a_heap_that_runs_out_all_the_time_loses_nothing)
{
	run_trace(CPUS * SLOTS / HEAP_CLASSES, NULL);
	CHECK(heap_free_calls > 0);
}

typedef struct census {
	unsigned idle, held;
} census_t;

static void count(void *block, void *context)
{
	census_t *census = context;
	census->idle++;
	census->held += heap_is_held(block);
}

static void stop_again_and_again(void)
{
	for (int i = 0; i < STOPS || s_running; i++) {
		census_t first = {}, second = {};
		magazine_cache_stop(&s_cache);
		magazine_cache_each(&s_cache, count, &first);
		sched_yield();
		magazine_cache_each(&s_cache, count, &second);
		magazine_cache_resume(&s_cache);
		if (first.held || second.held || first.idle != second.idle)
			heap_violations++;
		sched_yield();
	}
}

TEST(who_has_stopped_the_magazines_has_them_alone)
{
	run_trace(HEAP_BLOCKS, stop_again_and_again);
}

enum { IN_FLIGHT = 64, PASSED = 100000, PIPE_CLASS = 1 };

static _Atomic(void *) s_pipe[IN_FLIGHT];

static void *produce(void *argument)
{
	for (unsigned i = 0; i < PASSED; i++) {
		while (atomic_load_explicit(&s_pipe[i % IN_FLIGHT], memory_order_acquire))
			sched_yield();
		void *block = magazine_take(&s_cache, &s_cpu[0], PIPE_CLASS);
		if (!block && i == 0)
			block = magazine_take(&s_cache, &s_cpu[0], PIPE_CLASS); /* the first call joined */
		if (!block) {
			heap_violations++; /* the heap ran out: blocks pile up somewhere */
			return NULL;
		}
		heap_hold(PIPE_CLASS, block, (unsigned char)i);
		atomic_store_explicit(&s_pipe[i % IN_FLIGHT], block, memory_order_release);
	}
	return argument;
}

static void *consume(void *argument)
{
	for (unsigned i = 0; i < PASSED; i++) {
		void *block;
		while (!(block = atomic_load_explicit(&s_pipe[i % IN_FLIGHT], memory_order_acquire))) {
			if (heap_violations)
				return NULL;
			sched_yield();
		}
		release(&s_cpu[1], PIPE_CLASS, block);
		atomic_store_explicit(&s_pipe[i % IN_FLIGHT], NULL, memory_order_release);
	}
	return argument;
}

/* Enough for what is in flight, two CPUs' magazines and the two on their way through the depot. */
TEST(a_producer_and_a_consumer_pass_the_same_blocks_for_ever)
{
	const uint32_t blocks = IN_FLIGHT + (2 * 2 + 2) * heap_rounds[PIPE_CLASS];
	pthread_t producer, consumer;
	init(blocks);
	CHECK_EQ(pthread_create(&producer, NULL, produce, NULL), 0);
	CHECK_EQ(pthread_create(&consumer, NULL, consume, NULL), 0);
	pthread_join(producer, NULL);
	pthread_join(consumer, NULL);
	check_all_back(blocks);
}
