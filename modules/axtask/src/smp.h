/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several CPUs need beyond one; without feature `smp` all of it is nothing.
 *
 * A thread's context is live on a CPU (on_cpu) from when it is picked until the CPU stands on another stack: also
 * while it waits there on its own stack for want of another. Woken meanwhile, it goes to that CPU's queue, and no
 * other CPU takes it from there. So nobody ever waits for a context to be saved, but who releases an ended thread.
 */
#pragma once

#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <axtask/axtask.h>
#include <axtask/features.h>
#include <stdatomic.h>

/** What becomes of a thread once its CPU has left its stack. */
typedef enum axtask_fate {
	AXTASK_STAYS,    /* nothing: it may also wait there for something to run */
	AXTASK_LEAVES,   /* ended; who joins it releases it */
	AXTASK_RELEASED, /* ended and detached */
	AXTASK_MIGRATES, /* runnable, but not on this CPU */
} axtask_fate_t;

#if AXTASK_FEATURE_SMP

typedef struct axtask_thread_smp {
	_Atomic uint64_t affinity; /* CPUs that it may run on */
	unsigned cpu;              /* where it runs or ran last, or whose queue it is in */
	atomic_bool on_cpu;        /* its context is live on `cpu` */
} axtask_thread_smp_t;

typedef struct axtask_cpu_smp {
	_Atomic unsigned ready_count; /* threads in `ready`; read by others without the lock, as a hint */
	ax_thread_t *idle;            /* whose stack serves when the last thread must be left */
	ax_thread_t *left;            /* by the switch that goes on; this and fate: this CPU's own */
	axtask_fate_t fate;
} axtask_cpu_smp_t;

/** smp.c: start the other CPUs. Boot, interrupts masked. */
void axtask_smp_start(void);
/** smp.c: on a tick: a thread goes to where fewer wait. Interrupts masked. */
void axtask_smp_balance(void);
void axtask_smp_set_affinity(ax_thread_t *thread, uint64_t cpus);

/** A new thread, of a creator that may run on @p affinity. */
static inline void axtask_smp_init_thread(axtask_thread_smp_t *self, uint64_t affinity)
{
	atomic_store_explicit(&self->affinity, affinity, memory_order_relaxed);
	self->cpu = axhal_cpu_id();
}

static inline void axtask_smp_set_on_cpu(axtask_thread_smp_t *self)
{
	atomic_store_explicit(&self->on_cpu, true, memory_order_relaxed);
}

/** The CPU where the thread runs, if it does, looks at it. */
static inline void axtask_smp_hurry(const axtask_thread_smp_t *self)
{
	if (atomic_load_explicit(&self->on_cpu, memory_order_seq_cst))
		axhal_cpu_wake(self->cpu);
}

/** Wait until the CPU of an ended thread has left its stack. */
static inline void axtask_smp_await_left(const axtask_thread_smp_t *self)
{
	while (atomic_load_explicit(&self->on_cpu, memory_order_acquire))
		axhal_cpu_relax();
}

static inline uint64_t axtask_smp_affinity(const axtask_thread_smp_t *self)
{
	return atomic_load_explicit(&self->affinity, memory_order_relaxed);
}

#else

typedef struct axtask_thread_smp {
} axtask_thread_smp_t;

typedef struct axtask_cpu_smp {
	ax_thread_t *left; /* ended and detached: to be released by who runs next */
} axtask_cpu_smp_t;

static inline void axtask_smp_start(void)
{
}

static inline void axtask_smp_balance(void)
{
}

static inline void axtask_smp_set_affinity([[maybe_unused]] ax_thread_t *thread, [[maybe_unused]] uint64_t cpus)
{
}

static inline void axtask_smp_init_thread([[maybe_unused]] axtask_thread_smp_t *self, [[maybe_unused]] uint64_t affinity)
{
}

static inline void axtask_smp_set_on_cpu([[maybe_unused]] axtask_thread_smp_t *self)
{
}

static inline void axtask_smp_hurry([[maybe_unused]] const axtask_thread_smp_t *self)
{
}

static inline void axtask_smp_await_left([[maybe_unused]] const axtask_thread_smp_t *self)
{
}

static inline uint64_t axtask_smp_affinity([[maybe_unused]] const axtask_thread_smp_t *self)
{
	return 1;
}

#endif
