/* SPDX-License-Identifier: Apache-2.0 */
/* See host_cpus.h. */
#include "host_cpus.h"

#include "../../axtask/src/claim.h"

#include <axhal/smp.h>
#include <axtask/inherit.h>
#include <axhal/time.h>
#include <errno.h>
#include <percpu/percpu.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SET_GS = 0x1001, NS_PER_SEC = 1000000000 }; /* arch_prctl(2) */

typedef struct host_cpu {
	ax_thread_t thread;
	unsigned number;
	sem_t runnable;       /* posted by who makes the thread so */
	uint64_t deadline_ns; /* of its wait */
	atomic_bool runs;
	uint64_t random;
	void (*body)(unsigned cpu, void *argument);
	void *argument;
} host_cpu_t;

static host_cpu_t s_cpus[HOST_CPUS_MAX];
static unsigned s_count;
static PERCPU_DEFINE(host_cpu_t *, s_self);

static host_cpu_t *cpu_of(ax_thread_t *thread)
{
	return container_of(thread, host_cpu_t, thread);
}

/* ------------------------------------------------------------------ what axtask's other files and axhal would define */

ax_thread_t *axtask_current(void)
{
	return &percpu_get(s_self)->thread;
}

void axtask_make_runnable(ax_thread_t *thread)
{
	host_dawdle();
	CHECK_EQ(sem_post(&cpu_of(thread)->runnable), 0);
}

static bool runnable_in_time(host_cpu_t *self)
{
	if (self->deadline_ns == AXTASK_FOREVER)
		return false;
	struct timespec time = { (time_t)(self->deadline_ns / NS_PER_SEC), (long)(self->deadline_ns % NS_PER_SEC) };
	while (sem_timedwait(&self->runnable, &time)) {
		if (errno == ETIMEDOUT)
			return false;
	}
	return true;
}

/* What axtask's timer does, and the switch. */
void axtask_switch_away(void)
{
	host_cpu_t *self = percpu_get(s_self);
	host_dawdle();
	self->runs = false;
	if (!runnable_in_time(self)) {
		if (self->deadline_ns != AXTASK_FOREVER && axtask_claim(&self->thread)) {
			host_dawdle();
			self->thread.wait_result = AX_ERR_TIMED_OUT;
			axtask_leave_wait_queue(&self->thread);
		} else {
			while (sem_wait(&self->runnable))
				;
		}
	}
	self->deadline_ns = AXTASK_FOREVER;
	self->runs = true;
}

void axtask_deadline_start(ax_thread_t *thread, uint64_t deadline_ns)
{
	cpu_of(thread)->deadline_ns = deadline_ns;
}

bool ax_timer_cancel([[maybe_unused]] ax_timer_t *timer)
{
	return true;
}

bool axtask_is_running(const ax_thread_t *thread, [[maybe_unused]] unsigned *cpu)
{
	for (unsigned i = 0; i < s_count; i++) {
		if (&s_cpus[i].thread == thread)
			return s_cpus[i].runs;
	}
	return false;
}

#if AXTASK_FEATURE_INHERIT

/* Levels are not what these tests are about. */
void axtask_inherit_lend([[maybe_unused]] ax_thread_t *waiter, [[maybe_unused]] ax_thread_t *owner)
{
	host_dawdle();
}

void axtask_inherit_give_up(void)
{
	host_dawdle();
}

void axtask_inherit_hand_over([[maybe_unused]] ax_thread_t *from, [[maybe_unused]] ax_thread_t *to,
			      [[maybe_unused]] ax_wait_queue_t *queue)
{
	host_dawdle();
}

ax_thread_t *ax_wait_queue_take_highest(ax_wait_queue_t *queue)
{
	return ax_wait_queue_take_one(queue);
}

#endif

void spin_relax(void)
{
	sched_yield();
}

void axtask_sleep(uint64_t ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = (long)ns }, NULL);
}

void axhal_cpu_wake([[maybe_unused]] unsigned cpu)
{
}

#if AXTASK_FEATURE_PREEMPT
void kernel_guard_resched(void)
{
}
#endif

void kernel_guard_irq_deliver(void)
{
}

uint64_t axhal_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_SEC + (uint64_t)now.tv_nsec;
}

/* ------------------------------------------------------------------------------------------------------ for the tests */

static void become_cpu(host_cpu_t *self)
{
	CHECK_EQ(syscall(SYS_arch_prctl, SET_GS, percpu_base_of[self->number]), 0);
	percpu_set(s_self, self);
	irq_enable();
}

static void *run(void *cpu)
{
	host_cpu_t *self = cpu;
	become_cpu(self);
	self->body(self->number, self->argument);
	return NULL;
}

void host_run(unsigned cpus, void (*body)(unsigned cpu, void *argument), void *argument)
{
	pthread_t threads[HOST_CPUS_MAX];
	s_count = cpus;
	for (unsigned i = 0; i < cpus; i++) {
		host_cpu_t *cpu = &s_cpus[i];
		*cpu = (host_cpu_t){ .number = i, .deadline_ns = AXTASK_FOREVER, .runs = true, .random = i + 1, .body = body,
				     .argument = argument };
		CHECK_EQ(sem_init(&cpu->runnable, 0, 0), 0);
		if (!percpu_base_of[i])
			percpu_init_area(i, aligned_alloc(PERCPU_AREA_ALIGNMENT, percpu_area_bytes()));
	}
	for (unsigned i = 0; i < cpus; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, run, &s_cpus[i]), 0);
	for (unsigned i = 0; i < cpus; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

/* xorshift64*: Vigna 2016. */
uint32_t host_random(uint32_t limit)
{
	uint64_t *random = &percpu_get(s_self)->random;
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(2685821657736338717) >> 33) % limit);
}

void host_dawdle(void)
{
	uint32_t dice = host_random(64);
	if (dice == 0)
		nanosleep(&(struct timespec){ .tv_nsec = 1 + host_random(50000) }, NULL);
	else if (dice < 4)
		sched_yield();
	for (uint32_t i = 0; i < dice; i++)
		ax_compiler_barrier();
}

uint64_t host_soon(uint32_t limit_ns)
{
	return axhal_now_ns() + host_random(limit_ns);
}

void host_notify(unsigned cpu)
{
	axtask_notify(&s_cpus[cpu].thread);
}
