/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several CPUs: where a thread that becomes ready goes, and how a CPU without one finds one.
 *
 * A thread goes back to where it ran if that CPU has nothing to do, else it stays with its waker. A CPU without a
 * thread searches all queues for a while, then sleeps. Whoever makes a thread ready and sees nobody search rouses a
 * sleeper; who finds a thread rouses another if there are more. So no thread waits while a CPU that may run it sleeps,
 * and a busy system sends no interrupts (the scheme of Vyukov's for Go's run-time system: "Scalable Go Scheduler Design
 * Doc", 2012).
 *
 * Both sets change with sequential consistency: who goes to sleep says so first and looks into the queues then, who
 * fills a queue looks into the sets then; one of the two sees the other.
 */
#include <axconfig/axconfig.h>
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/tls.h>
#include <axlog/axlog.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "preempt.h"
#include "run_queue.h"

static _Atomic uint64_t s_cpus = 1;  /* that take threads */
static _Atomic uint64_t s_searching; /* awake without a thread: looking for one */
static _Atomic uint64_t s_asleep;    /* without a thread: in axhal_wait_for_irq(), or about to be */

static uint64_t bit(unsigned cpu)
{
	return UINT64_C(1) << cpu;
}

static void send_wake(unsigned cpu)
{
	AXTASK_COUNT(this_cpu()->counts.wakes_sent, 1);
	axhal_cpu_wake(cpu);
}

/* One of @p cpus that sleeps, unless one searches already. */
static void rouse_one(uint64_t cpus)
{
	atomic_thread_fence(memory_order_seq_cst);
	uint64_t asleep;
	if (atomic_load_explicit(&s_searching, memory_order_relaxed) & cpus)
		return;
	while ((asleep = atomic_load_explicit(&s_asleep, memory_order_relaxed) & cpus)) {
		unsigned cpu = (unsigned)__builtin_ctzll(asleep);
		if (atomic_fetch_and(&s_asleep, ~bit(cpu)) & bit(cpu)) {
			send_wake(cpu);
			return;
		}
	}
}

/* A thread has come into the queue of another CPU: see that it is looked at. */
static void rouse(unsigned cpu)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(&s_searching, memory_order_relaxed) & bit(cpu))
		return;
	bool asleep = atomic_fetch_and(&s_asleep, ~bit(cpu)) & bit(cpu);
	if (asleep || AXTASK_FEATURE_PREEMPT)
		send_wake(cpu);
}

static unsigned choose_cpu(const ax_thread_t *thread, unsigned self)
{
	unsigned last = thread->smp.cpu;
	if (atomic_load_explicit(&thread->smp.on_cpu, memory_order_acquire))
		return last;
	uint64_t allowed = atomic_load_explicit(&thread->smp.affinity, memory_order_relaxed) &
			   atomic_load_explicit(&s_cpus, memory_order_relaxed);
	uint64_t free = allowed & (atomic_load_explicit(&s_searching, memory_order_relaxed) |
				   atomic_load_explicit(&s_asleep, memory_order_relaxed));
	if (free & bit(last))
		return last;
	if (allowed & bit(self))
		return self;
	return (unsigned)__builtin_ctzll(free ? free : allowed & bit(last) ? bit(last) : allowed);
}

static void enqueue(axtask_cpu_t *cpu, ax_thread_t *thread, bool woken)
{
	if (AXTASK_FEATURE_INHERIT)
		atomic_thread_fence(memory_order_seq_cst); /* run_at() in inherit.c */
	sched_enqueue(&cpu->ready, &thread->sched, woken, SCHED_NEEDS_READY_TIME ? axhal_now_ns() : 0);
	run_queue_count(cpu, 1);
}

static void add_here(unsigned self, ax_thread_t *thread, bool woken)
{
	axtask_cpu_t *cpu = this_cpu();
	{
		SPIN_GUARD_RAW(&cpu->lock);
		enqueue(cpu, thread, woken);
		if (SCHED_PREEMPTIVE && sched_tick(&cpu->ready, &running()->sched, 0))
			axtask_request_resched();
	}
	axtask_timer_need_tick();
	uint64_t free = atomic_load_explicit(&s_searching, memory_order_relaxed) |
			atomic_load_explicit(&s_asleep, memory_order_relaxed);
	if (!(free & bit(self))) /* else this CPU is about to take it */
		rouse_one(atomic_load_explicit(&thread->smp.affinity, memory_order_relaxed) & ~bit(self));
}

void axtask_place(ax_thread_t *thread, bool woken)
{
	unsigned self = axhal_cpu_id();
	unsigned cpu = choose_cpu(thread, self);
	if (thread->smp.cpu != cpu) {
		thread->smp.cpu = cpu;
		AXTASK_COUNT(thread->stats.migrations, 1);
	}
	if (cpu == self) {
		add_here(self, thread, woken);
		return;
	}
	axtask_cpu_t *there = percpu_ptr_of(axtask_cpu, cpu);
	{
		SPIN_GUARD_RAW(&there->lock);
		enqueue(there, thread, woken);
	}
	rouse(cpu);
}

/* Whether CPU *argument may take it: a context that is live elsewhere cannot move. */
static bool may_take(const sched_entity_t *e, void *argument)
{
	const ax_thread_t *thread = container_of(e, const ax_thread_t, sched);
	return may_run_on(thread, *(unsigned *)argument) &&
	       !atomic_load_explicit(&thread->smp.on_cpu, memory_order_acquire);
}

/* Takes a thread that may run on @p cpu out of another's queue; NULL if there is none. */
static ax_thread_t *take_from(axtask_cpu_t *other, unsigned cpu)
{
	if (run_queue_is_empty(other))
		return NULL;
	SPIN_GUARD_RAW(&other->lock);
	sched_entity_t *e = sched_find(&other->ready, may_take, &cpu);
	if (!e)
		return NULL;
	sched_dequeue(&other->ready, e);
	run_queue_count(other, -1);
	return thread_of(e);
}

/* Brings a thread of another CPU's queue into this one's. */
static bool steal(axtask_cpu_t *cpu)
{
	unsigned self = axhal_cpu_id();
	uint64_t cpus = atomic_load_explicit(&s_cpus, memory_order_relaxed);
	for (unsigned i = 1; i < AXHAL_MAX_CPUS; i++) {
		unsigned other = (self + i) % AXHAL_MAX_CPUS;
		ax_thread_t *thread = cpus & bit(other) ? take_from(percpu_ptr_of(axtask_cpu, other), self) : NULL;
		if (!thread)
			continue;
		thread->smp.cpu = self;
		AXTASK_COUNT(thread->stats.migrations, 1);
		AXTASK_COUNT(cpu->counts.steals, 1);
		SPIN_GUARD_RAW(&cpu->lock);
		enqueue(cpu, thread, false);
		return true;
	}
	return false;
}

static ax_thread_t *search(axtask_cpu_t *cpu)
{
	ax_thread_t *next = run_queue_take(cpu);
	return next || !steal(cpu) ? next : run_queue_take(cpu);
}

static ax_thread_t *search_for_a_while(axtask_cpu_t *cpu)
{
	ax_thread_t *next = NULL;
	for (unsigned i = 0; i < AX_CONFIG_IDLE_SPINS && !(next = search(cpu)); i++)
		axhal_cpu_relax();
	return next;
}

/* The running thread stays: its stack serves to wait on. */
static ax_thread_t *search_and_sleep(axtask_cpu_t *cpu)
{
	const uint64_t self = bit(axhal_cpu_id());
	for (;;) {
		atomic_fetch_or(&s_searching, self);
		ax_thread_t *next = search_for_a_while(cpu);
		if (!next) {
			atomic_fetch_or(&s_asleep, self);
			atomic_fetch_and(&s_searching, ~self);
			next = search(cpu); /* whoever filled a queue before may have trusted in this search */
			if (!next && !may_run_on(running(), axhal_cpu_id()))
				next = cpu->smp.idle;
			if (!next) {
				axhal_wait_for_irq();
				irq_disable();
			}
			atomic_fetch_and(&s_asleep, ~self);
		}
		atomic_fetch_and(&s_searching, ~self);
		if (next)
			return next;
	}
}

static bool somebody_waits(void)
{
	for (uint64_t cpus = atomic_load(&s_cpus); cpus; cpus &= cpus - 1) {
		if (!run_queue_is_empty(percpu_ptr_of(axtask_cpu, (unsigned)__builtin_ctzll(cpus))))
			return true;
	}
	return false;
}

ax_thread_t *axtask_smp_wait(axtask_cpu_t *cpu)
{
	ax_thread_t *next;
	preempt_disable(); /* an interrupt must not switch here */
	if (cpu->smp.fate == AXTASK_STAYS)
		next = search_and_sleep(cpu);
	else if (!(next = search(cpu)))
		next = cpu->smp.idle;
	preempt_enable();
	if (!run_queue_is_empty(cpu))
		axtask_timer_need_tick();
	if (somebody_waits()) /* whose waker may have trusted in this search */
		rouse_one(~bit(axhal_cpu_id()));
	return next;
}

static bool runs_on(const ax_thread_t *thread, unsigned cpu)
{
	return __atomic_load_n(percpu_ptr_of(axtask_running, cpu), __ATOMIC_RELAXED) == thread;
}

/* A CPU without work stands on the stack of a thread that waits. */
bool axtask_is_running(const ax_thread_t *thread, unsigned *cpu)
{
	uint64_t busy = atomic_load_explicit(&s_cpus, memory_order_relaxed) &
			~(atomic_load_explicit(&s_searching, memory_order_relaxed) |
			  atomic_load_explicit(&s_asleep, memory_order_relaxed));
	if (likely(busy & bit(*cpu) && runs_on(thread, *cpu)))
		return true;
	for (; busy; busy &= busy - 1) {
		unsigned other = (unsigned)__builtin_ctzll(busy);
		if (runs_on(thread, other)) {
			*cpu = other;
			return true;
		}
	}
	return false;
}

void axtask_meet_fate(ax_thread_t *left, axtask_fate_t fate)
{
	if (fate == AXTASK_RELEASED)
		axtask_release(left);
	else
		axtask_place(left, true);
}

/* A thread that may wait here, on another's behalf: a CPU with less to do. */
void axtask_smp_balance(void)
{
	axtask_cpu_t *cpu = this_cpu();
	unsigned self = axhal_cpu_id(), least_cpu = self;
	unsigned ready = atomic_load_explicit(&cpu->smp.ready_count, memory_order_relaxed), least = ready;
	for (uint64_t cpus = atomic_load(&s_cpus); cpus; cpus &= cpus - 1) {
		unsigned other = (unsigned)__builtin_ctzll(cpus);
		unsigned count = atomic_load_explicit(&percpu_ptr_of(axtask_cpu, other)->smp.ready_count, memory_order_relaxed);
		if (count < least) {
			least = count;
			least_cpu = other;
		}
	}
	if (ready < least + 2)
		return;
	ax_thread_t *thread = take_from(cpu, least_cpu);
	if (!thread)
		return;
	axtask_cpu_t *there = percpu_ptr_of(axtask_cpu, least_cpu);
	thread->smp.cpu = least_cpu;
	AXTASK_COUNT(thread->stats.migrations, 1);
	{
		SPIN_GUARD_RAW(&there->lock);
		enqueue(there, thread, false);
	}
	rouse(least_cpu);
}

/* Another CPU has put a thread into this one's queue, or has a notice for the running one. */
static void on_wake([[maybe_unused]] void *argument)
{
	axtask_cpu_t *cpu = this_cpu();
	ax_thread_t *thread = running();
	bool due = thread->noticed || !may_run_on(thread, axhal_cpu_id());
	if (!run_queue_is_empty(cpu)) {
		axtask_timer_need_tick();
		SPIN_GUARD_RAW(&cpu->lock);
		due |= SCHED_PREEMPTIVE && sched_tick(&cpu->ready, &thread->sched, 0);
	}
	if (due)
		axtask_request_resched();
}

/* The first code of a CPU's idle thread: boot's, or of CPU 0 the first switch to it. */
static void idle_on_boot(void *idle)
{
	axtask_cpu_t *cpu = this_cpu();
	percpu_set(axtask_running, idle);
	cpu->smp.idle = idle;
	axtask_run_queue_init();
	axtask_timer_init_cpu();
	axhal_tls_set(cpu->smp.idle->context.thread_pointer);
	atomic_fetch_or(&s_cpus, bit(axhal_cpu_id()));
	axtask_idle();
}

static void idle_on_switch([[maybe_unused]] void *idle)
{
	axtask_finish_switch();
	axtask_idle();
}

/* In no table: it is nobody's but its CPU's. Its state keeps it out of the run queue. */
static ax_thread_t *new_idle_thread(unsigned cpu)
{
	ax_thread_t *idle = axtask_block_alloc(AX_CONFIG_STACK_BYTES, idle_on_switch);
	if (!idle)
		PANIC("no memory for the idle thread of CPU %u", cpu);
	idle->state = AXTASK_WAITING;
	idle->smp.cpu = cpu;
	atomic_store(&idle->smp.affinity, bit(cpu));
	return idle;
}

void axtask_smp_start(void)
{
	this_cpu()->smp.idle = new_idle_thread(0);
	if (axhal_irq_register(AXHAL_IRQ_WAKE, on_wake, NULL) != AX_OK)
		PANIC("the wake-up interrupt is taken");
	for (unsigned cpu = 1; cpu < axhal_cpus_present(); cpu++) {
		ax_thread_t *idle = new_idle_thread(cpu);
		ax_err_t error = axhal_cpu_start(cpu, axtask_stack_top(idle), idle_on_boot, idle);
		if (error != AX_OK)
			ax_warn("CPU %u does not start: %s", cpu, ax_err_text(error));
		else
			while (!(atomic_load(&s_cpus) & bit(cpu))) /* online, but without a queue yet: no thread could be put there */
				axhal_cpu_relax();
	}
}

void axtask_smp_set_affinity(ax_thread_t *thread, uint64_t cpus)
{
	IRQ_GUARD();
	atomic_store(&thread->smp.affinity, cpus);
	unsigned cpu = thread->smp.cpu;
	if (cpus & bit(cpu))
		return;
	if (thread == running()) {
		this_cpu()->smp.fate = AXTASK_MIGRATES;
		axtask_switch_away();
	} else if (atomic_load(&thread->smp.on_cpu)) {
		send_wake(cpu); /* on_wake() sees to it */
	} else {
		rouse_one(cpus); /* if it waits in a queue, to be taken from there */
	}
}
