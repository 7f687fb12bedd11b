/* SPDX-License-Identifier: Apache-2.0 */
/* All magazines at once: stopping them, looking at them, emptying them. */
#include <magazine_cache/magazine_cache.h>

#include "links.h"

void magazine_cache_stop(magazine_cache_t *self)
{
	spin_raw_lock(&self->lock);
	for (magazine_cpu_t *cpu = self->cpus; cpu; cpu = cpu->next)
		atomic_store_explicit(&cpu->open, false, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst); /* before `fence_all` looks which CPUs there are */
	self->heap->fence_all();
	for (magazine_cpu_t *cpu = self->cpus; cpu; cpu = cpu->next) {
		while (atomic_load_explicit(&cpu->inside, memory_order_acquire))
			spin_relax();
	}
}

void magazine_cache_resume(magazine_cache_t *self)
{
	for (magazine_cpu_t *cpu = self->cpus; cpu; cpu = cpu->next)
		atomic_store_explicit(&cpu->open, true, memory_order_release);
	spin_raw_unlock(&self->lock);
}

static void visit_list(void *blocks, void (*visit)(void *block, void *context), void *context)
{
	for (void *block = blocks; block; block = *next_block(block))
		visit(block, context);
}

void magazine_cache_each(magazine_cache_t *self, void (*visit)(void *block, void *context), void *context)
{
	for (unsigned class = 0; class < self->classes; class++) {
		for (magazine_cpu_t *cpu = self->cpus; cpu; cpu = cpu->next) {
			visit_list(cpu->racks[class].loaded, visit, context);
			visit_list(cpu->racks[class].spare, visit, context);
		}
		for (void *full = self->depots[class].magazines; full; full = *next_magazine(full))
			visit_list(full, visit, context);
	}
}

static void count_block([[maybe_unused]] void *block, void *count)
{
	++*(size_t *)count;
}

static void free_list(magazine_cache_t *self, void **blocks)
{
	if (*blocks)
		self->heap->free(*blocks);
	*blocks = NULL;
}

size_t magazine_cache_drain(magazine_cache_t *self)
{
	size_t count = 0;
	magazine_cache_stop(self);
	magazine_cache_each(self, count_block, &count);
	for (unsigned class = 0; class < self->classes; class++) {
		for (magazine_cpu_t *cpu = self->cpus; cpu; cpu = cpu->next) {
			free_list(self, &cpu->racks[class].loaded);
			free_list(self, &cpu->racks[class].spare);
			cpu->racks[class].count = 0;
		}
		magazine_depot_t *depot = &self->depots[class];
		while (depot->magazines) {
			void *full = depot->magazines;
			depot->magazines = *next_magazine(full);
			self->heap->free(full);
		}
		depot->count = 0;
	}
	magazine_cache_resume(self);
	return count;
}
