/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes of the three types, which are three objects of the kernel's, and spin locks, which on a busy CPU let others run.
 * What is more to robust ones is in robust.c.
 */
#include "axlibc_ceiling.h"
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#include <base/base.h>
#include <stdatomic.h>

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
	int type = PTHREAD_MUTEX_NORMAL, protocol = PTHREAD_PRIO_NONE, robust = PTHREAD_MUTEX_STALLED;
	if (attr) {
		pthread_mutexattr_gettype(attr, &type);
		pthread_mutexattr_getprotocol(attr, &protocol);
		pthread_mutexattr_getrobust(attr, &robust);
	}
	*axlibc_mutex(mutex) = (axlibc_mutex_t){
		.recursive.tag = (uint32_t)type | (robust == PTHREAD_MUTEX_ROBUST ? AXLIBC_MUTEX_ROBUST : 0),
	};
	if (protocol == PTHREAD_PRIO_PROTECT)
		axlibc_mutex(mutex)->recursive.tag |= attr->__attr & (AXLIBC_PROTECTS | AXLIBC_CEILING_BITS);
	if (protocol == PTHREAD_PRIO_INHERIT)
		axlibc_mutex(mutex)->plain = (ax_mutex_t)AX_MUTEX_INIT_INHERITING;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return ax_mutex_owner(&axlibc_mutex(mutex)->plain) ? EBUSY : 0;
}

static int error_of(ax_err_t error)
{
	return error == AX_ERR_OVERFLOW ? EAGAIN : ax_err_to_errno(error);
}

static ax_err_t lock_interruptible(axlibc_mutex_t *self, uint64_t deadline_ns)
{
	switch (axlibc_mutex_type(self)) {
	case PTHREAD_MUTEX_RECURSIVE:
		return ax_recursive_mutex_lock_interruptible(&self->recursive, deadline_ns);
	case PTHREAD_MUTEX_ERRORCHECK:
		return ax_checked_mutex_lock_interruptible(&self->checked, deadline_ns);
	default:
		return ax_mutex_lock_interruptible(&self->plain, deadline_ns);
	}
}

static bool try_lock_plainly(axlibc_mutex_t *self)
{
	return axlibc_mutex_type(self) == PTHREAD_MUTEX_RECURSIVE ? ax_recursive_mutex_try_lock(&self->recursive)
								  : ax_mutex_try_lock(&self->plain);
}

/*
 * A ceiling is entered before: who has the mutex never runs below it. If it was set anew meanwhile, the one that the mutex
 * has now counts, which does not change while the mutex is locked.
 */
static int ceiling_entered(axlibc_mutex_t *self, unsigned entered, bool locked)
{
	const unsigned ceiling = axlibc_ceiling(self->recursive.tag);
	if (locked && likely(ceiling == entered))
		return 0;
	const int error = locked ? axlibc_ceiling_enter(ceiling) : 0;
	axlibc_ceiling_leave(entered);
	if (error)
		ax_mutex_unlock(&self->plain);
	return error;
}

/* Before locking: what could fail. */
static int prepare(const axlibc_mutex_t *self, unsigned ceiling)
{
	const int error = axlibc_mutex_is_robust(self) ? axlibc_robust_prepare() : 0;
	return error ? error : axlibc_ceiling_enter(ceiling);
}

/* After it: what comes of @p error, or of having locked it. */
static int locked(axlibc_mutex_t *self, unsigned entered, int error)
{
	const int refused = ceiling_entered(self, entered, !error);
	if (error || refused)
		return error ? error : refused;
	const bool again = axlibc_mutex_type(self) == PTHREAD_MUTEX_RECURSIVE && self->recursive.depth;
	if (!axlibc_mutex_is_robust(self) || again)
		return 0;
	const unsigned ceiling = axlibc_ceiling(self->recursive.tag);
	error = axlibc_robust_locked(self);
	if (error == ENOTRECOVERABLE)
		axlibc_ceiling_leave(ceiling);
	return error;
}

/* Without a deadline if it is NULL. */
static int lock_until(axlibc_mutex_t *self, axlibc_deadline_t *deadline)
{
	const unsigned ceiling = axlibc_ceiling(self->recursive.tag);
	const int error = prepare(self, ceiling);
	if (error)
		return error;
	const ax_err_t result = deadline ? AXLIBC_UNINTERRUPTED_UNTIL(deadline, lock_interruptible(self, axlibc_deadline_ns(deadline)))
					 : AXLIBC_UNINTERRUPTED(lock_interruptible(self, AXTASK_FOREVER));
	return locked(self, ceiling, error_of(result));
}

/* EBUSY: it could not be had. */
static int try_lock(axlibc_mutex_t *self)
{
	const unsigned ceiling = axlibc_ceiling(self->recursive.tag);
	const int error = prepare(self, ceiling);
	return error ? error : locked(self, ceiling, try_lock_plainly(self) ? 0 : EBUSY);
}

[[gnu::noinline]] static int lock_of_a_kind(axlibc_mutex_t *self)
{
	return lock_until(self, NULL);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (unlikely(self->recursive.tag != PTHREAD_MUTEX_NORMAL))
		return lock_of_a_kind(self);
	(void)AXLIBC_UNINTERRUPTED(ax_mutex_lock_interruptible(&self->plain, AXTASK_FOREVER));
	return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	const int error = try_lock(self);
	if (error != EBUSY)
		return error;
	return axlibc_mutex_type(self) == PTHREAD_MUTEX_RECURSIVE && ax_mutex_is_mine(&self->plain) ? EAGAIN : EBUSY;
}

/* The time matters to who has to wait alone. */
int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict time)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);
	axlibc_deadline_t deadline = {};

	int error = try_lock(self);
	if (error != EBUSY)
		return error;
	error = axlibc_deadline(CLOCK_REALTIME, time, &deadline);
	if (error && (axlibc_mutex_type(self) == PTHREAD_MUTEX_NORMAL || !ax_mutex_is_mine(&self->plain)))
		return error;
	return lock_until(self, &deadline);
}

static int unlock_of_a_kind(axlibc_mutex_t *self)
{
	const int type = axlibc_mutex_type(self);
	const bool robust = axlibc_mutex_is_robust(self), recursive = type == PTHREAD_MUTEX_RECURSIVE;
	if (robust && ax_mutex_is_mine(&self->plain) && !(recursive && self->recursive.depth))
		axlibc_robust_unlocks(self);
	if (recursive)
		return error_of(ax_recursive_mutex_unlock(&self->recursive));
	if (robust || type == PTHREAD_MUTEX_ERRORCHECK)
		return error_of(ax_checked_mutex_unlock(&self->checked));
	ax_mutex_unlock(&self->plain);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (likely(self->recursive.tag == PTHREAD_MUTEX_NORMAL)) {
		ax_mutex_unlock(&self->plain);
		return 0;
	}
	const unsigned ceiling = axlibc_ceiling(self->recursive.tag);
	const int error = unlock_of_a_kind(self);
	if (!error)
		axlibc_ceiling_leave(ceiling);
	return error;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}
