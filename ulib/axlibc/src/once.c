/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pthread_once() and, through it, call_once(). A pthread_once_t is an int, without room for a queue: who waits for a
 * function that is just running waits in one queue for all of them, and looks again when any has ended. If the function is
 * cancelled, it is as if nobody had called it (POSIX.1-2017, pthread_once()).
 */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

enum { NOT_YET, RUNNING, DONE }; /* NOT_YET: PTHREAD_ONCE_INIT */

static ax_wait_queue_t s_waiters; /* its lock protects every control's value but DONE, which stays */

int __pthread_once(pthread_once_t *control, void (*function)(void));

static void end(pthread_once_t *control, int value)
{
	irq_state_t state = ax_wait_queue_lock(&s_waiters);
	__atomic_store_n(control, value, __ATOMIC_RELEASE);
	ax_wait_queue_unlock_and_wake(&s_waiters, state, ax_wait_queue_take_all(&s_waiters));
}

static void cancelled(void *control)
{
	end(control, NOT_YET);
}

/* Whether it is the caller who runs the function; else somebody has done so. */
static bool begin(pthread_once_t *control)
{
	irq_state_t state = ax_wait_queue_lock(&s_waiters);
	while (*control == RUNNING) {
		if (ax_wait_queue_unlock_and_sleep_interruptible(&s_waiters, state, AXTASK_FOREVER) == AX_ERR_INTERRUPTED)
			ax_posix_attend();
		state = ax_wait_queue_lock(&s_waiters);
	}
	const bool first = *control == NOT_YET;
	if (first)
		*control = RUNNING;
	ax_wait_queue_unlock(&s_waiters, state);
	return first;
}

int __pthread_once(pthread_once_t *control, void (*function)(void))
{
	if (likely(__atomic_load_n(control, __ATOMIC_ACQUIRE) == DONE) || !begin(control))
		return 0;
	pthread_cleanup_push(cancelled, control);
	function();
	pthread_cleanup_pop(0);
	end(control, DONE);
	return 0;
}

int pthread_once(pthread_once_t *control, void (*function)(void))
{
	return __pthread_once(control, function);
}
