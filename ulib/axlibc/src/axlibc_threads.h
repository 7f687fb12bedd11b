/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POSIX threads are the kernel's objects, laid into the space that the C library's types reserve: no allocation, no
 * look-up. All zero bytes are an initialized object of each kind, as the PTHREAD_*_INITIALIZER macros want.
 */
#pragma once

#pragma GCC visibility push(default)

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <threads.h>

#pragma GCC visibility pop

#include <axhal/time.h>
#include <axsync/checked_mutex.h>
#include <axsync/condvar.h>
#include <axsync/mutex.h>
#include <axsync/recursive_mutex.h>
#include <axsync/rwlock.h>
#include <axsync/semaphore.h>
#include <errno.h>
#include <posix_api/threads.h>

/*
 * By the type in recursive.tag, whichever it is: PTHREAD_MUTEX_NORMAL, _RECURSIVE or _ERRORCHECK. All three begin with the plain
 * one. The tag also has the ceiling of PTHREAD_PRIO_PROTECT (axlibc_ceiling.h).
 */
enum { AXLIBC_MUTEX_TYPE = 3 };

typedef union axlibc_mutex {
	ax_mutex_t plain;
	ax_checked_mutex_t checked;
	ax_recursive_mutex_t recursive;
} axlibc_mutex_t;
_Static_assert(sizeof(axlibc_mutex_t) <= sizeof(pthread_mutex_t), "fits");

typedef struct axlibc_condvar {
	ax_condvar_t condvar;
	uint32_t clock; /* of pthread_cond_timedwait(): CLOCK_REALTIME or CLOCK_MONOTONIC */
} axlibc_condvar_t;
_Static_assert(sizeof(axlibc_condvar_t) <= sizeof(pthread_cond_t), "fits");

_Static_assert(sizeof(ax_rwlock_t) <= sizeof(pthread_rwlock_t), "fits");
_Static_assert(sizeof(ax_semaphore_t) <= sizeof(sem_t), "fits");

static inline axlibc_mutex_t *axlibc_mutex(pthread_mutex_t *mutex)
{
	return (axlibc_mutex_t *)mutex;
}

static inline int axlibc_mutex_type(const axlibc_mutex_t *self)
{
	return (int)(self->recursive.tag & AXLIBC_MUTEX_TYPE);
}

/** The POSIX API's part of a thread that is not released. */
ax_posix_thread_t *axlibc_posix_thread(pthread_t thread);

/** Run the destructors of the calling thread's keys, and release its values. */
void axlibc_keys_end(void);

/** @p time of @p clock as a deadline of axhal_now_ns(). 0, or EINVAL for a malformed time or another clock. */
int axlibc_deadline(clockid_t clock, const struct timespec *time, uint64_t *deadline_ns);
