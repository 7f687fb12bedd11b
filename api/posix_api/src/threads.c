/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about threads in an image that has several: the kernel's own, and sleeps that let others run. */
#include "wait.h"

#include <axhal/time.h>
#include <axsync/mutex.h>
#include <axtask/axtask.h>
#include <posix_api/syscalls.h>

static ax_mutex_t s_input; /* one reader of the console at a time */

enum { INPUT_POLL_NS = 1000000 };

void posix_input_lock(void)
{
	ax_mutex_lock(&s_input);
}

void posix_input_unlock(void)
{
	ax_mutex_unlock(&s_input);
}

void posix_wait_for_input(void)
{
	axtask_sleep(INPUT_POLL_NS);
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
