/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C11's <threads.h>: its types are laid out like the POSIX ones, and its locks are those. What the C library does well
 * by itself (thrd_create(), call_once(), ...) is its own.
 */
#include "axlibc_threads.h"

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t), "one layout");

static int result_of(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

int mtx_init(mtx_t *mutex, int type)
{
	*axlibc_mutex((pthread_mutex_t *)mutex) = (axlibc_mutex_t){
		.recursive.tag = type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL,
	};
	return thrd_success;
}

void mtx_destroy([[maybe_unused]] mtx_t *mutex)
{
}

int mtx_lock(mtx_t *mutex)
{
	return result_of(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict time)
{
	return result_of(pthread_mutex_timedlock((pthread_mutex_t *)mutex, time));
}

int mtx_trylock(mtx_t *mutex)
{
	return result_of(pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

int mtx_unlock(mtx_t *mutex)
{
	return result_of(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

int cnd_init(cnd_t *condvar)
{
	return result_of(pthread_cond_init((pthread_cond_t *)condvar, NULL));
}

void cnd_destroy([[maybe_unused]] cnd_t *condvar)
{
}

int cnd_wait(cnd_t *condvar, mtx_t *mutex)
{
	return result_of(pthread_cond_wait((pthread_cond_t *)condvar, (pthread_mutex_t *)mutex));
}

int cnd_timedwait(cnd_t *restrict condvar, mtx_t *restrict mutex, const struct timespec *restrict time)
{
	return result_of(pthread_cond_timedwait((pthread_cond_t *)condvar, (pthread_mutex_t *)mutex, time));
}

int cnd_signal(cnd_t *condvar)
{
	return result_of(pthread_cond_signal((pthread_cond_t *)condvar));
}

int cnd_broadcast(cnd_t *condvar)
{
	return result_of(pthread_cond_broadcast((pthread_cond_t *)condvar));
}

int tss_set(tss_t key, void *value)
{
	return result_of(pthread_setspecific(key, value));
}
