/* SPDX-License-Identifier: Apache-2.0 */
/* A CPU whose magazine is empty or full: the spare, the depot, the heap, in this order. Called inside. */
#include <magazine_cache/magazine_cache.h>

#include "links.h"

enum { FIRST_REFILL = 4 };

void magazine_cache_init(magazine_cache_t *self, const magazine_heap_t *heap, unsigned classes, const uint32_t rounds[])
{
	self->heap = heap;
	self->lock = (raw_spinlock_t)RAW_SPINLOCK_INIT;
	self->cpus = NULL;
	self->cpu_count = 0;
	self->classes = classes;
	for (unsigned class = 0; class < classes; class++)
		self->depots[class] = (magazine_depot_t){ .lock = RAW_SPINLOCK_INIT, .rounds = rounds[class] };
}

static void depot_count(magazine_depot_t *depot, unsigned count)
{
	atomic_store_explicit(&depot->count, count, memory_order_relaxed);
}

static void *depot_take(magazine_depot_t *depot)
{
	if (!atomic_load_explicit(&depot->count, memory_order_relaxed))
		return NULL;
	SPIN_GUARD_RAW(&depot->lock);
	void *magazine = depot->magazines;
	if (magazine) {
		depot->magazines = *next_magazine(magazine);
		depot_count(depot, depot->count - 1);
	}
	return magazine;
}

/* False: it holds as many as it may. */
static bool depot_give(magazine_cache_t *self, magazine_depot_t *depot, void *magazine)
{
	SPIN_GUARD_RAW(&depot->lock);
	if (depot->count >= MAGAZINE_DEPOT_SHARE * atomic_load_explicit(&self->cpu_count, memory_order_relaxed))
		return false;
	*next_magazine(magazine) = depot->magazines;
	depot->magazines = magazine;
	depot_count(depot, depot->count + 1);
	return true;
}

void *magazine_take_slow(magazine_cache_t *self, magazine_rack_t *rack, unsigned class)
{
	void *blocks = rack->spare;
	uint32_t count = rack->rounds;
	rack->spare = NULL;
	if (!blocks)
		blocks = depot_take(&self->depots[class]);
	if (!blocks) {
		count = self->heap->allocate(class, rack->refill, &blocks);
		if (!count)
			return NULL;
		rack->refill = AX_MIN(rack->refill * 2, rack->rounds);
	}
	rack->loaded = *next_block(blocks);
	rack->count = count - 1;
	return blocks;
}

void magazine_give_slow(magazine_cache_t *self, magazine_rack_t *rack, unsigned class, void *block)
{
	void *full = rack->spare;
	rack->spare = rack->loaded;
	if (full && !depot_give(self, &self->depots[class], full))
		self->heap->free(full);
	*next_block(block) = NULL;
	rack->loaded = block;
	rack->count = 1;
}

void magazine_closed(magazine_cache_t *self, magazine_cpu_t *cpu)
{
	if (cpu->joined)
		return; /* stopped for a moment */
	SPIN_GUARD_RAW(&self->lock);
	for (unsigned class = 0; class < self->classes; class++) {
		uint32_t rounds = self->depots[class].rounds;
		cpu->racks[class].rounds = rounds;
		cpu->racks[class].refill = AX_MIN(rounds, (uint32_t)FIRST_REFILL);
	}
	cpu->joined = true;
	cpu->next = self->cpus;
	self->cpus = cpu;
	atomic_store_explicit(&self->cpu_count, self->cpu_count + 1, memory_order_relaxed);
	atomic_store_explicit(&cpu->open, true, memory_order_release);
}
