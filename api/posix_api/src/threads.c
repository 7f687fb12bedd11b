/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about threads in an image that has several: the kernel's own, and sleeps that let others run. */
#include "wait.h"

#include <axhal/console.h>
#include <axhal/time.h>
#include <axsync/mutex.h>
#include <axtask/axtask.h>
#include <axtask/wait_queue.h>
#include <posix_api/syscalls.h>

static ax_mutex_t s_input; /* one reader of the console at a time */

/*
 * The reader: woken by the console's interrupt, or by the time. A machine that tells of input only when it is idle
 * (axhal/console.h) makes the reader wait this long beside a thread that computes.
 */
enum { INPUT_POLL_NS = 10000000 };
static ax_wait_queue_t s_reader;

void posix_input_lock(void)
{
	ax_mutex_lock(&s_input);
}

void posix_input_unlock(void)
{
	ax_mutex_unlock(&s_input);
}

static void wake_reader(void)
{
	irq_state_t state = ax_wait_queue_lock(&s_reader);
	ax_wait_queue_wake_all(&s_reader);
	ax_wait_queue_unlock(&s_reader, state);
}

long posix_read_input(void *buffer, size_t length)
{
	long count;
	irq_state_t state = ax_wait_queue_lock(&s_reader);
	axhal_console_on_input(wake_reader);
	while (!(count = axhal_console_read(buffer, length)))
		(void)ax_wait_queue_sleep(&s_reader, axhal_now_ns() + INPUT_POLL_NS);
	ax_wait_queue_unlock(&s_reader, state);
	return count;
}

void posix_sleep_until(uint64_t deadline_ns)
{
	axtask_sleep_until(deadline_ns);
}

long ax_sys_exit([[maybe_unused]] int status)
{
	axtask_exit(NULL);
}

long ax_sys_gettid(void)
{
	return (long)axtask_id(axtask_current());
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
