/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CPUs of the machine. Number 0 boots; each other one stands still until axhal_cpu_start(). Without feature `smp`
 * there is one, and all of this is constant.
 */
#pragma once

#include <axconfig/axconfig.h>
#include <axerrno/axerrno.h>
#include <axhal/features.h>
#include <percpu/percpu.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** CPUs have numbers below this: what the image was built for (`--smp`), at most 64. */
#define AXHAL_MAX_CPUS AX_CONFIG_MAX_CPUS

#if AXHAL_FEATURE_SMP

/** Of this CPU: its number. */
PERCPU_DECLARE(unsigned, axhal_cpu_number);

/** The number of this CPU; the caller's thread may have moved since unless preemption is disabled. Any context. */
static inline unsigned axhal_cpu_id(void)
{
	return percpu_get(axhal_cpu_number);
}

/** CPUs that the machine has and this image can use: 1 to AXHAL_MAX_CPUS. */
unsigned axhal_cpus_present(void);

/**
 * Start CPU @p cpu: traps, its interrupt controller, timer and per-CPU variables are up when it calls
 * entry(argument) on the given stack, interrupts masked. @p entry must not return. Once for each CPU, one at a
 * time. Thread context, or boot.
 * @param stack_top  16-byte aligned; in use as long as @p entry likes
 * @retval AX_ERR_OUT_OF_RANGE  it is 0 or not present
 * @retval AX_ERR_TIMED_OUT     it does not start; its stack must stay, as it may yet
 * @retval AX_ERR_NOT_SUPPORTED its clock is not in step with this CPU's, so it does not run
 * @retval AX_ERR_NO_MEMORY     the host has no resources for it
 */
ax_err_t axhal_cpu_start(unsigned cpu, void *stack_top, void (*entry)(void *argument), void *argument);

/** Bit i: CPU i runs. */
uint64_t axhal_cpus_online(void);

/**
 * Raise AXHAL_IRQ_WAKE on a CPU that is online: ends its axhal_wait_for_irq(). Any context. What was written before
 * is seen by the handler there.
 */
void axhal_cpu_wake(unsigned cpu);

/**
 * Have every CPU of the set @p cpus (bit i: CPU i; those offline are left out) call function(argument) in interrupt
 * context; the caller's own does so directly. Returns when all have. Meanwhile calls that others ask of this CPU are
 * served, interrupts masked or not, so CPUs that call one another do not deadlock. If they are not masked, the CPU may
 * sleep meanwhile. Any context, but not while holding a lock that an interrupt handler or @p function takes, or that
 * another CPU takes with interrupts masked.
 */
void axhal_call_on(uint64_t cpus, void (*function)(void *argument), void *argument);

/**
 * Stop every other CPU for good, one that has interrupts masked too: before a panic's message. Of CPUs that call it at
 * the same time one goes on and the others stop in it; the one may call it again. Masks interrupts for good: nothing
 * shall move the caller. Does not wait for the others, which may still be at their next instructions. Any context.
 */
void axhal_stop_others(void);

#else

static inline unsigned axhal_cpu_id(void)
{
	return 0;
}

static inline unsigned axhal_cpus_present(void)
{
	return 1;
}

static inline uint64_t axhal_cpus_online(void)
{
	return 1;
}

static inline void axhal_stop_others(void)
{
}

#endif

#pragma GCC visibility pop
