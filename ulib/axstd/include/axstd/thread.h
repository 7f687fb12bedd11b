/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and locks for applications: the kernel's own objects, by their own names; here only what adds to them. */
#pragma once

#include <axhal/time.h>
#include <axsync/barrier.h>
#include <axsync/checked_mutex.h>
#include <axsync/condvar.h>
#include <axsync/event.h>
#include <axsync/mutex.h>
#include <axsync/once.h>
#include <axsync/recursive_mutex.h>
#include <axsync/rwlock.h>
#include <axsync/semaphore.h>
#include <axtask/axtask.h>

/** A thread that is joined when its handle's scope is left. thread is NULL if none was created. */
typedef struct ax_scoped_thread {
	ax_thread_t *thread;
} ax_scoped_thread_t;

static inline void ax_scoped_thread_join(ax_scoped_thread_t *handle)
{
	if (!handle->thread)
		return;
	ax_err_t error = axtask_join(handle->thread, NULL);
	(void)error; /* a handle holds a thread that is neither joined nor detached */
}

/** `AX_SCOPED_THREAD worker = {};` then axtask_spawn(..., &worker.thread). */
#define AX_SCOPED_THREAD __attribute__((cleanup(ax_scoped_thread_join))) ax_scoped_thread_t

/**
 * Create a thread with default attributes that runs entry(argument). Thread context.
 * @param thread  the new thread, the caller's to join or detach
 * @retval AX_ERR_NO_MEMORY  no memory for its stack
 */
static inline ax_err_t ax_thread_spawn(void *(*entry)(void *argument), void *argument, ax_thread_t **thread)
{
	return axtask_spawn(NULL, entry, argument, thread);
}

/** Wait until @p thread ends and release it; @p result may be NULL. Errors are axtask_join()'s. */
static inline ax_err_t ax_thread_join(ax_thread_t *thread, void **result)
{
	return axtask_join(thread, result);
}

/** Let other runnable threads run; returns at once if there is none. */
static inline void ax_thread_yield(void)
{
	axtask_yield();
}

/** Sleep for at least @p ns nanoseconds. Thread context. */
static inline void ax_sleep_ns(uint64_t ns)
{
	axtask_sleep(ns);
}
