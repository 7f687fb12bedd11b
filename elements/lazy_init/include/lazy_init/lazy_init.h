/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value initialized once, by whoever needs it first:
 *
 *	static lazy_init_t s_once = LAZY_INIT;
 *	static table_t s_table;
 *
 *	if (lazy_init_begin(&s_once)) {
 *		table_init(&s_table);
 *		lazy_init_end(&s_once);
 *	}
 *
 * NEW -> RUNNING -> DONE, by C11 atomics alone: what was written before lazy_init_end() is seen by everyone who
 * lazy_init_begin() told "done". The fast path is one load and one branch.
 */
#pragma once

#include <base/base.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { LAZY_INIT_NEW, LAZY_INIT_RUNNING, LAZY_INIT_DONE };

typedef struct lazy_init {
	_Atomic unsigned state; /* a word: not every processor exchanges bytes */
} lazy_init_t;

#define LAZY_INIT ((lazy_init_t){ LAZY_INIT_NEW })

/** Whether the value is ready. Any context. */
static inline bool lazy_init_is_done(const lazy_init_t *self)
{
	return atomic_load_explicit(&self->state, memory_order_acquire) == LAZY_INIT_DONE;
}

/**
 * One try, without waiting: LAZY_INIT_NEW: the caller is to initialize now, then lazy_init_end();
 * LAZY_INIT_RUNNING: another does; LAZY_INIT_DONE: the value is ready. Any context.
 */
static inline unsigned lazy_init_try_begin(lazy_init_t *self)
{
	unsigned seen = LAZY_INIT_NEW;
	atomic_compare_exchange_strong_explicit(&self->state, &seen, LAZY_INIT_RUNNING, memory_order_acquire,
						memory_order_acquire);
	return seen;
}

/**
 * True: the caller is the first and is to initialize, then call lazy_init_end(). False: the value is ready.
 * Spins while another initializes: keep initializations short, and never begin one that an interrupt handler of
 * this CPU, or the initialization itself, may begin too.
 */
static inline bool lazy_init_begin(lazy_init_t *self)
{
	if (likely(lazy_init_is_done(self)))
		return false;
	unsigned seen;
	while ((seen = lazy_init_try_begin(self)) == LAZY_INIT_RUNNING)
		;
	return seen == LAZY_INIT_NEW;
}

/** The value is ready. Only after lazy_init_begin() gave true. */
static inline void lazy_init_end(lazy_init_t *self)
{
	atomic_store_explicit(&self->state, LAZY_INIT_DONE, memory_order_release);
}

/** The initialization failed: whoever comes next tries again. Only after lazy_init_begin() gave true. */
static inline void lazy_init_abort(lazy_init_t *self)
{
	atomic_store_explicit(&self->state, LAZY_INIT_NEW, memory_order_release);
}
