/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Robust mutexes (POSIX.1-2017, pthread_mutexattr_getrobust()): when a thread ends, others get what it still has locked,
 * and learn by EOWNERDEAD that it may be in disorder. Who unlocks such a mutex without pthread_mutex_consistent() makes it
 * of no use: all who lock it, or wait, get ENOTRECOVERABLE.
 *
 * A mutex has no room to be in a list, so each thread keeps the addresses of the robust ones that it has locked. The first
 * few are where the thread's variables are; for more there is an allocation, which pthread_mutex_lock() may fail for
 * (ENOMEM). What a mutex says of its owners lies in it and is changed by who has it locked.
 */
#include "axlibc_ceiling.h"
#include "axlibc_threads.h"

#include <base/base.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 4 };

static _Thread_local struct {
	axlibc_mutex_t *few[FEW];
	axlibc_mutex_t **more; /* instead of the few, NULL: they do */
	size_t count, room;    /* room of `more` */
} t_held;

static axlibc_mutex_t **held(void)
{
	return t_held.more ? t_held.more : t_held.few;
}

static void set_flags(axlibc_mutex_t *self, uint32_t flags)
{
	__atomic_store_n(&self->recursive.tag, flags, __ATOMIC_RELAXED);
}

int axlibc_robust_prepare(void)
{
	if (t_held.count < (t_held.more ? t_held.room : FEW))
		return 0;
	const size_t room = 2 * t_held.count;
	axlibc_mutex_t **more = realloc(t_held.more, room * sizeof *more);
	if (!more)
		return ENOMEM;
	if (!t_held.more)
		memcpy(more, t_held.few, sizeof t_held.few);
	t_held.more = more;
	t_held.room = room;
	return 0;
}

int axlibc_robust_locked(axlibc_mutex_t *self)
{
	const uint32_t flags = self->recursive.tag;
	if (unlikely(flags & AXLIBC_MUTEX_NOT_RECOVERABLE)) {
		ax_mutex_unlock(&self->plain);
		return ENOTRECOVERABLE;
	}
	held()[t_held.count++] = self;
	return unlikely(flags & AXLIBC_MUTEX_INCONSISTENT) ? EOWNERDEAD : 0;
}

/* Mostly it is the last one. */
void axlibc_robust_unlocks(axlibc_mutex_t *self)
{
	axlibc_mutex_t **mutexes = held();
	size_t i = t_held.count;
	while (i && mutexes[i - 1] != self)
		i--;
	if (i)
		mutexes[i - 1] = mutexes[--t_held.count];
	if (unlikely(self->recursive.tag & AXLIBC_MUTEX_INCONSISTENT))
		set_flags(self, self->recursive.tag | AXLIBC_MUTEX_NOT_RECOVERABLE);
}

void axlibc_robust_end(void)
{
	while (t_held.count) {
		axlibc_mutex_t *mutex = held()[--t_held.count];
		set_flags(mutex, mutex->recursive.tag | AXLIBC_MUTEX_INCONSISTENT);
		mutex->recursive.depth = 0;
		const unsigned ceiling = axlibc_ceiling(mutex->recursive.tag);
		ax_mutex_unlock(&mutex->plain);
		axlibc_ceiling_leave(ceiling);
	}
	free(t_held.more);
	t_held.more = NULL;
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (!axlibc_mutex_is_robust(self) || !ax_mutex_is_mine(&self->plain) ||
	    !(self->recursive.tag & AXLIBC_MUTEX_INCONSISTENT))
		return EINVAL;
	set_flags(self, self->recursive.tag & ~(uint32_t)AXLIBC_MUTEX_INCONSISTENT);
	return 0;
}
