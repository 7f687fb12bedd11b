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
#include <base/base.h>
#include <errno.h>
#include <posix_api/threads.h>

/*
 * By the type in recursive.tag, whichever it is: PTHREAD_MUTEX_NORMAL, _RECURSIVE or _ERRORCHECK, and what follows. All three
 * begin with the plain one. The tag also has the ceiling of PTHREAD_PRIO_PROTECT (axlibc_ceiling.h).
 */
typedef union axlibc_mutex {
	ax_mutex_t plain;
	ax_checked_mutex_t checked;
	ax_recursive_mutex_t recursive;
} axlibc_mutex_t;
_Static_assert(sizeof(axlibc_mutex_t) <= sizeof(pthread_mutex_t), "fits");

/* More in recursive.tag: of a robust mutex (robust.c). The last two are the owner's to change. */
enum {
	AXLIBC_MUTEX_TYPE = 3,
	AXLIBC_MUTEX_ROBUST = 4,
	AXLIBC_MUTEX_INCONSISTENT = 8,     /* an owner has died, and what it protects is not set right yet */
	AXLIBC_MUTEX_NOT_RECOVERABLE = 32, /* and will not be: nobody gets it any more */
};

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
	return (int)(__atomic_load_n(&self->recursive.tag, __ATOMIC_RELAXED) & AXLIBC_MUTEX_TYPE);
}

static inline bool axlibc_mutex_is_robust(const axlibc_mutex_t *self)
{
	return __atomic_load_n(&self->recursive.tag, __ATOMIC_RELAXED) & AXLIBC_MUTEX_ROBUST;
}

/** Before the caller may become the owner of a robust mutex: room to remember it. 0 or ENOMEM. */
int axlibc_robust_prepare(void);

/** The caller has become the owner, not once more. 0; EOWNERDEAD: it has it, and the last one has died; ENOTRECOVERABLE:
 *  it does not have it. */
int axlibc_robust_locked(axlibc_mutex_t *self);

/** The caller is about to unlock it for good. */
void axlibc_robust_unlocks(axlibc_mutex_t *self);

/** The calling thread ends: others get what it has locked. */
void axlibc_robust_end(void);

/** The POSIX API's part of a thread that is not released. */
ax_posix_thread_t *axlibc_posix_thread(pthread_t thread);

/** Run the destructors of the calling thread's keys, and release its values. */
void axlibc_keys_end(void);

/** When a wait ends: a time of a clock that may be set meanwhile, and so looked at each time that the wait begins anew. */
typedef struct axlibc_deadline {
	uint64_t ns;
	bool real; /* of CLOCK_REALTIME; else of axhal_now_ns() */
} axlibc_deadline_t;

#define AXLIBC_FOREVER ((axlibc_deadline_t){ .ns = AXTASK_FOREVER })

/** @p time of @p clock. 0, or EINVAL for a malformed time or another clock. */
int axlibc_deadline(clockid_t clock, const struct timespec *time, axlibc_deadline_t *deadline);

/** By axhal_now_ns(), as the clocks are now. */
static inline uint64_t axlibc_deadline_ns(const axlibc_deadline_t *self)
{
	if (likely(!self->real))
		return self->ns;
	const uint64_t wall_ns = ax_posix_wall_ns();
	return axhal_now_ns() + (self->ns > wall_ns ? self->ns - wall_ns : 0);
}

/** The wait for it has ended, by @p error. If that is AX_ERR_TIMED_OUT: whether the clock was set back, so that it goes on. */
static inline bool axlibc_is_early(ax_err_t error, const axlibc_deadline_t *deadline)
{
	return unlikely(error == AX_ERR_TIMED_OUT) && deadline->real && ax_posix_wall_ns() < deadline->ns;
}
