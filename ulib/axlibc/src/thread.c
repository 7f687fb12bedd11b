/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads: pthread_create() is axtask_spawn(). The kernel lays out each thread's TLS and calls us to fill in the C
 * library's control block at the thread pointer, whoever creates the thread: so every thread may run C code.
 * A pthread_t is that block's address; the block knows the kernel's thread.
 */
#include "axlibc_start.h"
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#include <axalloc/axalloc.h>
#include <axconfig/axconfig.h>
#include <axerrno/axerrno.h>
#include <axtask/axtask.h>
#include <axtask/tcb.h>
#include <base/base.h>
#include <musl_port.h>
#include <posix_api/threads.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { FIRST_FOREIGN_TID = 0x10000000 }; /* of threads that pthread_create() did not make: nobody can signal them */

static atomic_int s_foreign_tid = FIRST_FOREIGN_TID;
static atomic_size_t s_living;  /* threads of pthread_create() that have not ended */
static atomic_bool s_main_ended;
static bool s_running;          /* the main thread has its control block */

/* What the thread being created by this one will run, and where its pthread_t goes before it does: for axtask_tcb_init()
 * inside axtask_spawn(). */
static _Thread_local musl_port_start_t t_next;
static _Thread_local pthread_t *t_next_id;

const size_t axtask_tcb_bytes = MUSL_PORT_TCB_BYTES;

void axtask_tcb_init(void *thread_pointer, ax_thread_t *thread)
{
	if (!s_running || !t_next.entry) {
		const int tid = atomic_fetch_add_explicit(&s_foreign_tid, 1, memory_order_relaxed);
		musl_port_tcb_init(thread_pointer, thread, tid, (musl_port_start_t){});
	} else {
		musl_port_tcb_init(thread_pointer, thread, ax_posix_thread_begin(thread_pointer, thread), t_next);
		*t_next_id = musl_port_pthread(thread_pointer);
	}
	if (s_running)
		musl_port_threads_begin();
}

void axlibc_prepare_main_thread(void)
{
	musl_port_set_tid(ax_posix_thread_begin(NULL, axtask_current()));
	s_running = true;
}

static ax_thread_t *kernel_thread(pthread_t thread)
{
	return musl_port_kernel_thread(thread);
}

ax_posix_thread_t *axlibc_posix_thread(pthread_t thread)
{
	return ax_posix_thread_of(axtask_thread_pointer(kernel_thread(thread)));
}

/* The caller's last steps. It is not cancelled any more. */
static void finish(void)
{
	ax_posix_self.cancel_state = PTHREAD_CANCEL_DISABLE;
	musl_port_run_cleanup_handlers();
	axlibc_keys_end();
	axlibc_robust_end();
	musl_port_thread_end();
	ax_posix_thread_end();
}

[[gnu::noreturn]] static void end_thread(void *result)
{
	finish();
	if (atomic_fetch_sub(&s_living, 1) == 1 && atomic_load(&s_main_ended))
		exit(0);
	axtask_exit(result);
	__builtin_unreachable();
}

static void *run(void *unused)
{
	(void)unused;
	const musl_port_start_t start = musl_port_start_of_self();
	end_thread(start.entry(start.argument));
}

/* The creator's, unless the attributes have some of their own (POSIX.1-2017, pthread_attr_setinheritsched()). */
static void inherit_scheduling(ax_thread_attr_t *to)
{
	bool sliced;
	axtask_level(axtask_current(), &to->level, &sliced);
	to->unsliced = !sliced;
}

static int read_scheduling(const pthread_attr_t *from, ax_thread_attr_t *to)
{
	int inherit, policy;
	struct sched_param param;

	pthread_attr_getinheritsched(from, &inherit);
	if (inherit == PTHREAD_INHERIT_SCHED) {
		inherit_scheduling(to);
		return 0;
	}
	pthread_attr_getschedpolicy(from, &policy);
	pthread_attr_getschedparam(from, &param);
	if (sched_get_priority_min(policy) < 0)
		return ENOTSUP;
	if (param.sched_priority < sched_get_priority_min(policy) || param.sched_priority > sched_get_priority_max(policy))
		return EINVAL;
	to->level = (unsigned)param.sched_priority;
	to->unsliced = policy == SCHED_FIFO;
	return 0;
}

/* Stacks are taken whole. What a program asks for with a large machine in mind leaves nothing for others on a small one. */
static size_t bounded_stack(size_t wanted_bytes)
{
	if (AX_CONFIG_STACK_SHARE == 1 || wanted_bytes <= AX_CONFIG_STACK_BYTES)
		return wanted_bytes;
	const size_t share_bytes = axalloc_stats().total_pages * PAGE_SIZE / AX_CONFIG_STACK_SHARE;
	return AX_MIN(wanted_bytes, AX_MAX(share_bytes, (size_t)AX_CONFIG_STACK_BYTES));
}

static int read_attr(const pthread_attr_t *from, ax_thread_attr_t *to)
{
	int detach_state;

	pthread_attr_getstack(from, &to->stack, &to->stack_bytes);
	if (!to->stack)
		to->stack_bytes = bounded_stack(to->stack_bytes);
	pthread_attr_getdetachstate(from, &detach_state);
	to->detached = detach_state == PTHREAD_CREATE_DETACHED;
	return read_scheduling(from, to);
}

/* As C11's thrd_create() says it: no attributes, and an entry that returns int, which a register holds as well. */
#define C11_THREAD ((const pthread_attr_t *)-1)

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*entry)(void *),
		   void *restrict argument)
{
	ax_thread_attr_t wanted = {};
	ax_thread_t *created; /* not looked at: it may have ended */

	if (attr && attr != C11_THREAD) {
		int error = read_attr(attr, &wanted);
		if (error)
			return error;
	} else {
		inherit_scheduling(&wanted);
	}
	atomic_fetch_add_explicit(&s_living, 1, memory_order_relaxed);
	t_next = (musl_port_start_t){ entry, argument };
	t_next_id = thread;
	const ax_err_t error = axtask_spawn(&wanted, run, NULL, &created);
	t_next.entry = NULL;
	if (error != AX_OK) {
		atomic_fetch_sub(&s_living, 1);
		return EAGAIN;
	}
	return 0;
}

_Noreturn void pthread_exit(void *result)
{
	if (musl_port_start_of_self().entry)
		end_thread(result);
	/* The main thread: the program goes on as long as another thread does. */
	finish();
	atomic_store(&s_main_ended, true);
	if (atomic_load(&s_living) == 0)
		exit(0);
	axtask_exit(result);
	__builtin_unreachable();
}

static int join_until(pthread_t thread, void **result, axlibc_deadline_t deadline)
{
	ax_err_t error = AX_ERR_INTERRUPTED;
	ax_posix_wait_begin();
	if (likely(!ax_posix_cancel_is_due())) {
		while ((error = axtask_join_interruptible(kernel_thread(thread), result, axlibc_deadline_ns(&deadline))) ==
			       AX_ERR_INTERRUPTED ||
		       axlibc_is_early(error, &deadline))
			if (ax_posix_wait_interrupted() == AX_POSIX_EINTR && ax_posix_cancel_is_due())
				break;
	}
	ax_posix_wait_end();
	return error == AX_ERR_INTERRUPTED ? axlibc_test_cancel() : ax_err_to_errno(error);
}

int pthread_join(pthread_t thread, void **result)
{
	return join_until(thread, result, AXLIBC_FOREVER);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *time)
{
	axlibc_deadline_t deadline = AXLIBC_FOREVER;
	const int error = time ? axlibc_deadline(CLOCK_REALTIME, time, &deadline) : 0;
	return error ? error : join_until(thread, result, deadline);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
	const ax_err_t error = axtask_join_interruptible(kernel_thread(thread), result, 0);
	return error == AX_ERR_TIMED_OUT || error == AX_ERR_INTERRUPTED ? EBUSY : ax_err_to_errno(error);
}

int pthread_detach(pthread_t thread)
{
	return ax_err_to_errno(axtask_detach(kernel_thread(thread)));
}

/* The kernel's at once: the C library's way there, by the system call's number and result, would cost as much again. */
int sched_yield(void)
{
	axtask_yield();
	if (!AXTASK_FEATURE_PREEMPT && unlikely(axtask_has_notice()))
		ax_posix_attend(); /* who yields until a handler has run */
	return 0;
}

/* The C library's own names for these, which its C11 threads call. */
int __pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*entry)(void *),
		     void *restrict argument) __attribute__((alias("pthread_create"), visibility("default")));
_Noreturn void __pthread_exit(void *result) __attribute__((alias("pthread_exit"), visibility("default")));
int __pthread_join(pthread_t thread, void **result) __attribute__((alias("pthread_join"), visibility("default")));
int thrd_detach(pthread_t thread) __attribute__((alias("pthread_detach"), visibility("default")));

int axlibc_deadline(clockid_t clock, const struct timespec *time, axlibc_deadline_t *deadline)
{
	uint64_t ns;

	if (time->tv_nsec < 0 || time->tv_nsec >= (long)AX_NS_PER_SEC || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
		return EINVAL;
	if (time->tv_sec < 0)
		ns = 0;
	else if (__builtin_mul_overflow((uint64_t)time->tv_sec, AX_NS_PER_SEC, &ns) ||
		 __builtin_add_overflow(ns, (uint64_t)time->tv_nsec, &ns))
		ns = UINT64_MAX - 1;
	*deadline = (axlibc_deadline_t){ .ns = ns, .real = clock == CLOCK_REALTIME };
	return 0;
}
