/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Magazines: each CPU keeps small blocks at hand, by size class, so that taking and giving one touches nothing that
 * another CPU touches. J. Bonwick, J. Adams, "Magazines and Vmem: Extending the Slab Allocator to Many CPUs and
 * Arbitrary Resources", USENIX 2001. What the classes mean, and the heap behind, are the user's.
 *
 * A magazine is up to `rounds` blocks of one class, linked through their first words: it takes no memory of its own. A
 * CPU has two of each class, one that it works on and a spare that is full or absent, so that only every
 * `rounds` operations it must turn to the depot, which holds full magazines under a lock by class. A block may be
 * freed on another CPU than it was allocated on: the magazines come back through the depot. When the depot has none,
 * blocks come from the heap, few at first, then a magazine at once; when it has its fill, a magazine goes to the heap.
 * So of one class no more than (2 + MAGAZINE_DEPOT_SHARE) * rounds blocks lie idle for each CPU.
 *
 * The fast path has no atomic read-modify-write. A CPU says that it is `inside`, then looks whether its magazines
 * are `open`: two plain accesses and a compiler barrier. Who wants all magazines (memory is out, or somebody counts)
 * closes them, has every CPU pass a memory fence, and waits until none is inside. Either the fence makes the CPU's
 * `inside` visible, or the CPU sees that it is closed: D. Dice, H. Huang, M. Yang, "Asymmetric Dekker Synchronization",
 * Sun 2001. While closed, taking and giving fail and the caller turns to the heap.
 *
 * Context: the caller stays on its CPU, preemption disabled, from looking up that CPU's magazine_cpu_t to the return.
 * Not from interrupt handlers. magazine_cache_stop() has its own conditions.
 */
#pragma once

#include <base/base.h>
#include <spinlock/spinlock.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAGAZINE_CLASSES = 40,     /* at most */
	MAGAZINE_DEPOT_SHARE = 16, /* magazines of a class that the depot holds for each CPU */
	MAGAZINE_MIN_BLOCK = 16,   /* bytes of a block at least: two links */
	MAGAZINE_CACHE_LINE = 64,
};

/* may_alias: the same bytes are the user's objects of any type. */
typedef void *__attribute__((may_alias)) magazine_link_t;

/** One CPU's magazines of one class. Opaque to callers. */
typedef struct magazine_rack {
	_Alignas(32) void *loaded; /* the first of `count` blocks */
	void *spare;               /* the first of `rounds` blocks, or NULL */
	uint32_t count;
	uint32_t rounds;
	uint32_t refill; /* blocks to ask of the heap next time */
} magazine_rack_t;

/** What a CPU has. All zero bytes are a CPU that has not been here yet. */
typedef struct magazine_cpu {
	atomic_bool inside; /* written by this CPU alone */
	atomic_bool open;   /* written under the cache's lock */
	bool joined;        /* by this CPU */
	struct magazine_cpu *next;
	magazine_rack_t racks[MAGAZINE_CLASSES];
} magazine_cpu_t;

/** The heap behind. Lists of blocks are linked through their first words, the last one's is NULL. */
typedef struct magazine_heap {
	/** Allocate up to @p count blocks of @p class. @return how many came; @p blocks is the list */
	uint32_t (*allocate)(unsigned class, uint32_t count, void **blocks);
	/** Free a list of blocks. */
	void (*free)(void *blocks);
	/** Return when every CPU has executed a full memory fence since the call. */
	void (*fence_all)(void);
} magazine_heap_t;

/** The full magazines of one class. Opaque to callers. */
typedef struct magazine_depot {
	_Alignas(MAGAZINE_CACHE_LINE) raw_spinlock_t lock; /* protects the list */
	void *magazines;    /* the first block of each; linked through the blocks' second words */
	atomic_uint count;  /* written under the lock; read without, as a hint */
	uint32_t rounds;
} magazine_depot_t;

typedef struct magazine_cache {
	const magazine_heap_t *heap;
	raw_spinlock_t lock; /* protects `cpus`, their `open`, and who has them stopped */
	magazine_cpu_t *cpus;
	atomic_uint cpu_count; /* written under the lock */
	unsigned classes;
	magazine_depot_t depots[MAGAZINE_CLASSES];
} magazine_cache_t;

#pragma GCC visibility push(default)

/**
 * Make @p self an empty cache without CPUs; each joins by its first call.
 * @param heap     must outlive @p self; its functions are called on behalf of take, give and drain
 * @param classes  classes are numbers below this; at most MAGAZINE_CLASSES
 * @param rounds   blocks in a magazine of each class, 1 or more; copied
 */
void magazine_cache_init(magazine_cache_t *self, const magazine_heap_t *heap, unsigned classes, const uint32_t rounds[]);

/* The ways out of line, for the inline functions below. */
void *magazine_take_slow(magazine_cache_t *self, magazine_rack_t *rack, unsigned class);
void magazine_give_slow(magazine_cache_t *self, magazine_rack_t *rack, unsigned class, void *block);
void magazine_closed(magazine_cache_t *self, magazine_cpu_t *cpu);

/**
 * Stop all magazines: until magazine_cache_resume() the caller has them for itself. Waits for CPUs that are inside, so
 * hold no lock that the heap's functions take. Preemption disabled; interrupts as `fence_all` wants them.
 */
void magazine_cache_stop(magazine_cache_t *self);
void magazine_cache_resume(magazine_cache_t *self);

/** Call visit(block, context) for every cached block. Between stop and resume; @p visit must not write to it. */
void magazine_cache_each(magazine_cache_t *self, void (*visit)(void *block, void *context), void *context);

/** Free all cached blocks of all CPUs to the heap. Context as magazine_cache_stop(). @return how many there were */
size_t magazine_cache_drain(magazine_cache_t *self);

#pragma GCC visibility pop

/* The order of these two accesses is the protocol; see above. */
static AX_ALWAYS_INLINE bool magazine_enter(magazine_cpu_t *cpu)
{
	atomic_store_explicit(&cpu->inside, true, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	return likely(atomic_load_explicit(&cpu->open, memory_order_acquire));
}

static AX_ALWAYS_INLINE void magazine_leave(magazine_cpu_t *cpu)
{
	atomic_store_explicit(&cpu->inside, false, memory_order_release);
}

/**
 * A block of @p class for the CPU whose @p cpu is.
 * @return NULL  the heap has none, or the magazines are stopped or new: turn to the heap
 */
static AX_ALWAYS_INLINE void *magazine_take(magazine_cache_t *self, magazine_cpu_t *cpu, unsigned class)
{
	void *block = NULL;
	if (unlikely(!magazine_enter(cpu))) {
		magazine_leave(cpu);
		magazine_closed(self, cpu);
		return NULL;
	}
	magazine_rack_t *rack = &cpu->racks[class];
	block = rack->loaded;
	if (likely(block)) {
		rack->loaded = *(magazine_link_t *)block;
		rack->count--;
	} else {
		block = magazine_take_slow(self, rack, class);
	}
	magazine_leave(cpu);
	return block;
}

/**
 * Give @p block of @p class, on whichever CPU; its content is lost.
 * @return false  it was not taken, the magazines being stopped or new: free it to the heap
 */
static AX_ALWAYS_INLINE bool magazine_give(magazine_cache_t *self, magazine_cpu_t *cpu, unsigned class, void *block)
{
	if (unlikely(!magazine_enter(cpu))) {
		magazine_leave(cpu);
		magazine_closed(self, cpu);
		return false;
	}
	magazine_rack_t *rack = &cpu->racks[class];
	if (likely(rack->count < rack->rounds)) {
		*(magazine_link_t *)block = rack->loaded;
		rack->loaded = block;
		rack->count++;
	} else {
		magazine_give_slow(self, rack, class, block);
	}
	magazine_leave(cpu);
	return true;
}
