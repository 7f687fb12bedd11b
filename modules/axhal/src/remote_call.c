/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Function calls on other CPUs. Each CPU has a stack of what it is asked to call, pushed by compare-and-swap and taken
 * whole (R. K. Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986; taking all at once has no
 * ABA problem). The entries lie in the frame of who asks, who waits for all of them.
 *
 * Who waits spins for a moment, as the answer mostly takes no longer; then, if interrupts are not masked, it sleeps: where
 * CPUs are a busy host's threads, the one that shall answer may need the host's CPU on which this one spins.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include "remote_call.h"

enum {
	SPINS = 1000,        /* some 50 us: more than it takes to wake a CPU of a host that halts idle processors */
	SLEEPER = 2 * 64,    /* above every number of CPUs */
};

typedef struct call {
	void (*function)(void *argument);
	void *argument;
	atomic_uint left; /* CPUs that have yet to make it; plus SLEEPER x (1 + the CPU that sleeps until they have) */
} call_t;

typedef struct request {
	struct request *next;
	call_t *call;
} request_t;

static PERCPU_DEFINE(_Atomic(request_t *), s_requests) = NULL;

void axhal_remote_calls_run(void)
{
	request_t *request = atomic_exchange_explicit(percpu_ptr(s_requests), NULL, memory_order_acquire);
	while (request) {
		request_t *next = request->next; /* gone when the call is counted */
		call_t *call = request->call;
		call->function(call->argument);
		unsigned left = atomic_fetch_sub_explicit(&call->left, 1, memory_order_release);
		if (left % SLEEPER == 1 && left / SLEEPER)
			axhal_cpu_wake(left / SLEEPER - 1);
		request = next;
	}
}

static void push(unsigned cpu, request_t *request)
{
	_Atomic(request_t *) *first = percpu_ptr_of(s_requests, cpu);
	request->next = atomic_load_explicit(first, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(first, &request->next, request, memory_order_release,
						      memory_order_relaxed))
		;
}

static bool is_over(call_t *call)
{
	return atomic_load_explicit(&call->left, memory_order_acquire) % SLEEPER == 0;
}

/* Interrupts unmasked: others' calls come by theirs. */
static void sleep_until_over(call_t *call)
{
	atomic_fetch_add_explicit(&call->left, SLEEPER * (1 + axhal_cpu_id()), memory_order_relaxed);
	for (irq_disable(); !is_over(call); irq_disable())
		axhal_wait_for_irq();
	irq_enable();
}

static void wait_for(call_t *call)
{
	const bool may_sleep = irq_is_enabled();
	for (unsigned spins = 0; !is_over(call); spins++) {
		if (may_sleep && spins == SPINS) {
			sleep_until_over(call);
			return;
		}
		IRQ_GUARD();
		axhal_remote_calls_run();
		axhal_cpu_relax();
	}
}

void axhal_call_on(uint64_t cpus, void (*function)(void *argument), void *argument)
{
	request_t requests[AXHAL_MAX_CPUS];
	PREEMPT_GUARD();
	unsigned self = axhal_cpu_id();
	uint64_t others = cpus & axhal_cpus_online() & ~(UINT64_C(1) << self);
	call_t call = { function, argument, (unsigned)__builtin_popcountll(others) };
	for (uint64_t rest = others; rest; rest &= rest - 1) {
		unsigned cpu = (unsigned)__builtin_ctzll(rest);
		requests[cpu].call = &call;
		push(cpu, &requests[cpu]);
		axhal_cpu_interrupt_for_call(cpu);
	}
	if (cpus >> self & 1) {
		IRQ_GUARD();
		function(argument);
	}
	wait_for(&call);
}
