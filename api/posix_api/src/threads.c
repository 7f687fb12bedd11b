/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about threads in an image that has several: the kernel's own, and waits that let others run. */
#include "signal.h"
#include "wait.h"

#include <axhal/console.h>
#include <axhal/smp.h>
#include <axhal/time.h>
#include <axtask/axtask.h>
#include <axtask/wait_queue.h>
#include <posix_api/syscalls.h>

/*
 * The reader: woken by the console's interrupt, or by the time. A machine that tells of input only when it is idle
 * (axhal/console.h) makes the reader wait this long beside a thread that computes.
 */
enum { INPUT_POLL_NS = 10000000 };
static ax_wait_queue_t s_reader; /* who waits for input */
static ax_wait_queue_t s_turn;   /* who waits to become the reader; protects s_has_reader */
static bool s_has_reader;

ax_err_t posix_input_begin(void)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&s_turn);
	while (s_has_reader && error == AX_OK)
		error = ax_wait_queue_sleep_interruptible(&s_turn, AXTASK_FOREVER);
	if (error == AX_OK)
		s_has_reader = true;
	ax_wait_queue_unlock(&s_turn, state);
	return error;
}

void posix_input_end(void)
{
	irq_state_t state = ax_wait_queue_lock(&s_turn);
	s_has_reader = false;
	ax_wait_queue_wake_all(&s_turn); /* one of them might be interrupted before it takes its turn */
	ax_wait_queue_unlock(&s_turn, state);
}

bool posix_input_try_begin(void)
{
	irq_state_t state = ax_wait_queue_lock(&s_turn);
	const bool free = !s_has_reader;
	s_has_reader = true;
	ax_wait_queue_unlock(&s_turn, state);
	return free;
}

static void wake_reader(void)
{
	irq_state_t state = ax_wait_queue_lock(&s_reader);
	ax_wait_queue_wake_all(&s_reader);
	ax_wait_queue_unlock(&s_reader, state);
	posix_console_input();
}

void posix_input_watch(void)
{
	axhal_console_on_input(wake_reader);
}

long posix_read_input(void *buffer, size_t length)
{
	long count;
	irq_state_t state = ax_wait_queue_lock(&s_reader);
	axhal_console_on_input(wake_reader);
	while (!(count = axhal_console_read(buffer, length)) && !posix_is_interrupted()) {
		if (ax_wait_queue_sleep_interruptible(&s_reader, axhal_now_ns() + INPUT_POLL_NS) ==
		    AX_ERR_INTERRUPTED)
			break;
	}
	ax_wait_queue_unlock(&s_reader, state);
	return count;
}

ax_err_t posix_sleeper_wait(posix_sleeper_t *sleeper, uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&sleeper->queue);
	while (!sleeper->woken && error == AX_OK)
		error = posix_is_interrupted() ? AX_ERR_INTERRUPTED
					       : ax_wait_queue_sleep_interruptible(&sleeper->queue, deadline_ns);
	if (sleeper->woken)
		error = AX_OK;
	sleeper->woken = false;
	ax_wait_queue_unlock(&sleeper->queue, state);
	return error;
}

void posix_sleeper_wake(posix_sleeper_t *sleeper)
{
	irq_state_t state = ax_wait_queue_lock(&sleeper->queue);
	sleeper->woken = true;
	ax_wait_queue_unlock_and_wake(&sleeper->queue, state, ax_wait_queue_take_one(&sleeper->queue));
}

ax_err_t posix_sleep_until(uint64_t deadline_ns)
{
	return posix_is_interrupted() ? AX_ERR_INTERRUPTED : axtask_sleep_until_interruptible(deadline_ns);
}

void posix_notify(ax_posix_thread_t *thread)
{
	axtask_notify(thread->kernel_thread);
}

void posix_expect_notices(void)
{
	axtask_on_notice(posix_on_notice);
}

bool posix_take_notice(void)
{
	return axtask_take_notice();
}

void posix_alarm_start(posix_alarm_t *alarm, uint64_t deadline_ns, void (*function)(posix_alarm_t *alarm))
{
	ax_timer_start(alarm, deadline_ns, function);
}

void posix_alarm_cancel(posix_alarm_t *alarm)
{
	ax_timer_cancel(alarm);
}

uint64_t posix_run_ns(ax_posix_thread_t *thread)
{
	return AXTASK_FEATURE_STATS ? axtask_thread_stats(thread->kernel_thread).run_ns : axhal_now_ns();
}

void posix_level(ax_posix_thread_t *thread, unsigned *level, bool *sliced)
{
	axtask_level(thread->kernel_thread, level, sliced);
}

void posix_set_level(ax_posix_thread_t *thread, unsigned level, bool sliced)
{
	ax_err_t never = axtask_set_level(thread->kernel_thread, level, sliced);
	(void)never; /* there is the level */
}

uint64_t posix_affinity(ax_posix_thread_t *thread)
{
	return axtask_affinity(thread->kernel_thread) & axhal_cpus_online();
}

ax_err_t posix_set_affinity(ax_posix_thread_t *thread, uint64_t cpus)
{
	return axtask_set_affinity(thread->kernel_thread, cpus);
}

long ax_sys_exit([[maybe_unused]] int status)
{
	axtask_exit(NULL);
}

long ax_sys_gettid(void)
{
	return ax_posix_self.tid;
}

long ax_sys_set_tid_address([[maybe_unused]] int *address)
{
	return ax_sys_gettid();
}

long ax_sys_sched_yield(void)
{
	axtask_yield();
	return 0;
}

const char *posix_thread_name(void)
{
	return axtask_name(axtask_current());
}

void posix_set_thread_name(const char name[AX_TASK_COMM_BYTES])
{
	axtask_set_name(name);
}
