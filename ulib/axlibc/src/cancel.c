/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cancellation (POSIX.1-2017, 2.9.5). A request is a flag in the thread that is to end, and a notice, which ends the
 * wait that it may be in. Cancellation points look at the flag: the waits here, and the C library's system calls by
 * __syscall_cp(). An asynchronous one happens where threads can be preempted, else at the thread's next wait.
 */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

int musl_port_cancel(void)
{
	if (!ax_posix_cancel_is_due())
		return 0;
	if (ax_posix_self.cancel_state == PTHREAD_CANCEL_ENABLE || ax_posix_self.cancel_async)
		pthread_exit(PTHREAD_CANCELED);
	ax_posix_self.cancel_state = PTHREAD_CANCEL_DISABLE;
	return ECANCELED;
}

static void cancel(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

int pthread_cancel(pthread_t thread)
{
	musl_port_cancelling = 1;
	ax_posix_thread_cancel(axlibc_posix_thread(thread), cancel);
	if (thread == pthread_self() && ax_posix_self.cancel_async)
		musl_port_cancel();
	return 0;
}

int pthread_setcancelstate(int state, int *old)
{
	if ((unsigned)state > PTHREAD_CANCEL_MASKED)
		return EINVAL;
	if (old)
		*old = ax_posix_self.cancel_state;
	ax_posix_self.cancel_state = (uint8_t)state;
	if (unlikely(ax_posix_self.cancel_async))
		musl_port_cancel();
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	if ((unsigned)type > PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = ax_posix_self.cancel_async;
	ax_posix_self.cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	if (ax_posix_self.cancel_async)
		musl_port_cancel();
	return 0;
}

void pthread_testcancel(void)
{
	(void)axlibc_test_cancel();
}

/* The C library's own names. */
int __pthread_setcancelstate(int state, int *old) __attribute__((alias("pthread_setcancelstate"), visibility("default")));
void __pthread_testcancel(void) __attribute__((alias("pthread_testcancel"), visibility("default")));
void __testcancel(void) __attribute__((alias("pthread_testcancel"), visibility("default")));
