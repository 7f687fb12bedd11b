/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scheduler that moves everything: each CPU takes a context that was on another one, sets its timer to a random short
 * time, and goes on with it; the timer's interrupt takes it away, wherever it is, and hands it to the next CPU. Each CPU
 * does so on a context of its own, between two others'. The contexts meanwhile look whether all their registers are what
 * they were, and whether an exception finds a stack that nobody else uses.
 */
#include <axhal/context.h>
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <axhal/trap.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <held_registers/held_registers.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/spinlock.h>
#include <stdatomic.h>

enum {
	CPUS_MAX = 4, WORKERS = 6, MOVES = 1500, STACK_BYTES = 32768,
	SLICE_NS = 60000, ROUNDS = 20000, BREAKPOINT_EVERY = 8,
	SAME_STACK_BYTES = 65536, /* of two addresses on one stack for exceptions: they are not further apart */
};

_Static_assert(AXHAL_MAX_CPUS <= CPUS_MAX, "a stack and a context for each");

typedef struct worker {
	axhal_context_t context;
	unsigned number, moves, cpu; /* by the CPU that has it */
	bool ended;
	struct worker *next;
	char *stack;
} worker_t;

static worker_t s_workers[WORKERS];
static char s_stacks[WORKERS + CPUS_MAX][STACK_BYTES] __attribute__((aligned(4096)));

static raw_spinlock_t s_lock = RAW_SPINLOCK_INIT; /* the queue; interrupts masked */
static worker_t *s_first;

static PERCPU_DEFINE(worker_t *, s_current) = NULL; /* interrupts masked */
static PERCPU_DEFINE(uint64_t, s_random) = 0;
static PERCPU_DEFINE(uintptr_t, s_exception_stack) = 0;
static axhal_context_t s_own[CPUS_MAX]; /* each CPU's own context */
static atomic_uint s_running = WORKERS;
static atomic_uint s_bad_registers, s_bad_stacks, s_breakpoints;

static uint32_t random_below(uint32_t limit)
{
	uint64_t state = percpu_get(s_random) * 6364136223846793005u + 1;
	percpu_set(s_random, state);
	return (uint32_t)((state >> 33) % limit);
}

/* The last in the queue that was on another CPU: the longest there. Interrupts masked. */
static worker_t *take(unsigned cpu)
{
	SPIN_GUARD_RAW(&s_lock);
	worker_t **found = NULL;
	for (worker_t **link = &s_first; *link; link = &(*link)->next)
		if ((*link)->cpu != cpu)
			found = link;
	worker_t *worker = found ? *found : NULL;
	if (worker)
		*found = worker->next;
	return worker;
}

static void put(worker_t *worker)
{
	SPIN_GUARD_RAW(&s_lock);
	worker->next = s_first;
	s_first = worker;
}

static void wake_others(unsigned cpu)
{
	for (uint64_t others = axhal_cpus_online() & ~(UINT64_C(1) << cpu); others; others &= others - 1)
		axhal_cpu_wake((unsigned)__builtin_ctzll(others));
}

static void run(unsigned cpu, worker_t *worker)
{
	worker->cpu = cpu;
	percpu_set(s_current, worker);
	axhal_timer_set(ax_now_ns() + random_below(SLICE_NS));
	axhal_context_switch(&s_own[cpu], &worker->context);
	preempt_count_restore(0);
	axhal_timer_set(UINT64_MAX);
	if (worker->ended)
		s_running--;
	else
		put(worker);
	wake_others(cpu);
}

/* Interrupts masked. Returns when all workers have ended. */
static void schedule(unsigned cpu)
{
	while (s_running) {
		worker_t *worker = take(cpu);
		if (worker) {
			run(cpu, worker);
		} else {
			axhal_wait_for_irq();
			irq_disable();
		}
	}
}

/* Interrupts masked. */
static void leave(void)
{
	worker_t *worker = percpu_get(s_current);
	unsigned count = preempt_count();
	percpu_set(s_current, NULL);
	worker->moves++;
	axhal_context_switch(&worker->context, &s_own[axhal_cpu_id()]);
	preempt_count_restore(count);
}

void kernel_guard_resched(void)
{
	irq_state_t state = irq_save();
	percpu_set(kernel_guard_need_resched, false);
	if (percpu_get(s_current))
		leave();
	irq_restore(state);
}

static void on_timer([[maybe_unused]] void *argument)
{
	percpu_set(kernel_guard_need_resched, true);
}

/* An exception is handled on the stack that it comes on, or on one of this CPU. */
static bool on_breakpoint([[maybe_unused]] axhal_trap_frame_t *frame)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const worker_t *worker = percpu_get(s_current);
	uintptr_t usual = percpu_get(s_exception_stack);
	if (!usual)
		percpu_set(s_exception_stack, here);
	else if (worker && here - (uintptr_t)worker->stack >= STACK_BYTES && here - usual + SAME_STACK_BYTES / 2 >= SAME_STACK_BYTES)
		s_bad_stacks++;
	s_breakpoints++;
	return true;
}

static void work(void *argument)
{
	worker_t *worker = argument;
	irq_enable();
	for (uint64_t round = 0; worker->moves < MOVES; round++) {
		held_registers_t loaded, stored = {};
		uint64_t seed = (round * WORKERS + worker->number) * 0x9e3779b97f4a7c15u;
		held_registers_fill(&loaded, seed);
		held_registers_hold(&loaded, 1 + seed % ROUNDS, &stored);
		s_bad_registers += __builtin_memcmp(&loaded, &stored, sizeof loaded) != 0;
		if (round % BREAKPOINT_EVERY == 0)
			axhal_breakpoint();
	}
	irq_disable();
	worker->ended = true;
	leave();
}

static void other_cpu([[maybe_unused]] void *argument)
{
	unsigned cpu = axhal_cpu_id();
	percpu_set(s_random, cpu);
	axhal_breakpoint();
	schedule(cpu);
	for (;;) {
		axhal_wait_for_irq();
		irq_disable();
	}
}

static bool start_others(void)
{
	for (unsigned cpu = 1; cpu < axhal_cpus_present(); cpu++)
		if (axhal_cpu_start(cpu, s_stacks[WORKERS + cpu] + STACK_BYTES, other_cpu, NULL) != AX_OK)
			return false;
	return true;
}

static bool says(const char *what, bool holds)
{
	ax_print("%s: %s\n", what, holds ? "holds" : "DOES NOT HOLD");
	return holds;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	for (unsigned i = 0; i < WORKERS; i++) {
		s_workers[i] = (worker_t){ .number = i, .cpu = CPUS_MAX, .stack = s_stacks[i] };
		axhal_context_init(&s_workers[i].context, s_stacks[i] + STACK_BYTES, work, &s_workers[i], 0);
		put(&s_workers[i]);
	}
	axhal_set_breakpoint_handler(on_breakpoint);
	axhal_breakpoint();
	if (axhal_cpus_present() < 2) {
		ax_print("one CPU is not enough: --smp 2\n");
		return 1;
	}
	if (axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) != AX_OK || !start_others()) {
		ax_print("the CPUs do not start\n");
		return 1;
	}
	schedule(0);
	bool good = says("every context goes on on other CPUs, to its end", true);
	good = says("registers survive", !s_bad_registers) && good;
	good = says("exceptions find this CPU's stack", !s_bad_stacks && s_breakpoints > WORKERS) && good;
	return !good;
}
