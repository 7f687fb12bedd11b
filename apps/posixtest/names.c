/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every function that POSIX.1-2017 (the headers named below; of <signal.h> what is about threads) and C11 have for threads
 * is there to be linked. What is a macro by the standards is not in the lists.
 */
#define _GNU_SOURCE /* for Linux: all of X/Open */
#include "posixtest.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

#undef pthread_equal /* functions under macros */
#undef thrd_equal

typedef void function_t(void);

/* Not constant, so that the compiler does not know them all to be something. */
#define NAME(name) (function_t *)(void *)name
static function_t *volatile s_functions[] = {
	/* <pthread.h> */
	NAME(pthread_atfork), NAME(pthread_attr_destroy), NAME(pthread_attr_getdetachstate),
	NAME(pthread_attr_getguardsize), NAME(pthread_attr_getinheritsched), NAME(pthread_attr_getschedparam),
	NAME(pthread_attr_getschedpolicy), NAME(pthread_attr_getscope), NAME(pthread_attr_getstack),
	NAME(pthread_attr_getstacksize), NAME(pthread_attr_init), NAME(pthread_attr_setdetachstate),
	NAME(pthread_attr_setguardsize), NAME(pthread_attr_setinheritsched), NAME(pthread_attr_setschedparam),
	NAME(pthread_attr_setschedpolicy), NAME(pthread_attr_setscope), NAME(pthread_attr_setstack),
	NAME(pthread_attr_setstacksize), NAME(pthread_barrier_destroy), NAME(pthread_barrier_init),
	NAME(pthread_barrier_wait), NAME(pthread_barrierattr_destroy), NAME(pthread_barrierattr_getpshared),
	NAME(pthread_barrierattr_init), NAME(pthread_barrierattr_setpshared), NAME(pthread_cancel),
	NAME(pthread_cond_broadcast), NAME(pthread_cond_destroy), NAME(pthread_cond_init), NAME(pthread_cond_signal),
	NAME(pthread_cond_timedwait), NAME(pthread_cond_wait), NAME(pthread_condattr_destroy),
	NAME(pthread_condattr_getclock), NAME(pthread_condattr_getpshared), NAME(pthread_condattr_init),
	NAME(pthread_condattr_setclock), NAME(pthread_condattr_setpshared), NAME(pthread_create),
	NAME(pthread_detach), NAME(pthread_equal), NAME(pthread_exit), NAME(pthread_getconcurrency),
	NAME(pthread_getcpuclockid), NAME(pthread_getschedparam), NAME(pthread_getspecific), NAME(pthread_join),
	NAME(pthread_key_create), NAME(pthread_key_delete), NAME(pthread_mutex_consistent),
	NAME(pthread_mutex_destroy), NAME(pthread_mutex_getprioceiling), NAME(pthread_mutex_init),
	NAME(pthread_mutex_lock), NAME(pthread_mutex_setprioceiling), NAME(pthread_mutex_timedlock),
	NAME(pthread_mutex_trylock), NAME(pthread_mutex_unlock), NAME(pthread_mutexattr_destroy),
	NAME(pthread_mutexattr_getprioceiling), NAME(pthread_mutexattr_setprioceiling),
	NAME(pthread_mutexattr_getprotocol),
	NAME(pthread_mutexattr_getpshared), NAME(pthread_mutexattr_getrobust), NAME(pthread_mutexattr_gettype),
	NAME(pthread_mutexattr_init), NAME(pthread_mutexattr_setprotocol),
	NAME(pthread_mutexattr_setpshared), NAME(pthread_mutexattr_setrobust), NAME(pthread_mutexattr_settype),
	NAME(pthread_once), NAME(pthread_rwlock_destroy), NAME(pthread_rwlock_init), NAME(pthread_rwlock_rdlock),
	NAME(pthread_rwlock_timedrdlock), NAME(pthread_rwlock_timedwrlock), NAME(pthread_rwlock_tryrdlock),
	NAME(pthread_rwlock_trywrlock), NAME(pthread_rwlock_unlock), NAME(pthread_rwlock_wrlock),
	NAME(pthread_rwlockattr_destroy), NAME(pthread_rwlockattr_getpshared), NAME(pthread_rwlockattr_init),
	NAME(pthread_rwlockattr_setpshared), NAME(pthread_self), NAME(pthread_setcancelstate),
	NAME(pthread_setcanceltype), NAME(pthread_setconcurrency), NAME(pthread_setschedparam),
	NAME(pthread_setschedprio), NAME(pthread_setspecific), NAME(pthread_spin_destroy), NAME(pthread_spin_init),
	NAME(pthread_spin_lock), NAME(pthread_spin_trylock), NAME(pthread_spin_unlock), NAME(pthread_testcancel),
	NAME(pthread_kill), NAME(pthread_sigmask),
	/* <semaphore.h> */
	NAME(sem_close), NAME(sem_destroy), NAME(sem_getvalue), NAME(sem_init), NAME(sem_open), NAME(sem_post),
	NAME(sem_timedwait), NAME(sem_trywait), NAME(sem_unlink), NAME(sem_wait),
	/* <sched.h> */
	NAME(sched_get_priority_max), NAME(sched_get_priority_min), NAME(sched_getparam), NAME(sched_getscheduler),
	NAME(sched_rr_get_interval), NAME(sched_setparam), NAME(sched_setscheduler), NAME(sched_yield),
	/* <time.h> */
	NAME(clock_getcpuclockid), NAME(clock_getres), NAME(clock_gettime), NAME(clock_nanosleep),
	NAME(clock_settime), NAME(nanosleep), NAME(timer_create), NAME(timer_delete), NAME(timer_getoverrun),
	NAME(timer_gettime), NAME(timer_settime),
	/* <threads.h> */
	NAME(call_once), NAME(cnd_broadcast), NAME(cnd_destroy), NAME(cnd_init), NAME(cnd_signal),
	NAME(cnd_timedwait), NAME(cnd_wait), NAME(mtx_destroy), NAME(mtx_init), NAME(mtx_lock), NAME(mtx_timedlock),
	NAME(mtx_trylock), NAME(mtx_unlock), NAME(thrd_create), NAME(thrd_current), NAME(thrd_detach),
	NAME(thrd_equal), NAME(thrd_exit), NAME(thrd_join), NAME(thrd_sleep), NAME(thrd_yield), NAME(tss_create),
	NAME(tss_delete), NAME(tss_get), NAME(tss_set),
};

void every_name_is_there(void)
{
	for (size_t i = 0; i < sizeof s_functions / sizeof s_functions[0]; i++)
		CHECK(s_functions[i]);
}
