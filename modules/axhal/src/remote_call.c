/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Function calls on other CPUs. Each CPU has a stack of what it is asked to call, pushed by compare-and-swap and taken
 * whole (R. K. Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986; taking all at once has no
 * ABA problem). The entries lie in the frame of who asks, who waits for all of them.
 */
#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>
#include <stddef.h>
#include "remote_call.h"

typedef struct call {
	void (*function)(void *argument);
	void *argument;
	atomic_uint left; /* CPUs that have yet to make it */
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
		atomic_fetch_sub_explicit(&call->left, 1, memory_order_release);
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

static void wait_for(call_t *call)
{
	while (atomic_load_explicit(&call->left, memory_order_acquire)) {
		{
			IRQ_GUARD();
			axhal_remote_calls_run();
		}
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
