/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of lock, each used in all the ways that it has, by turns. */
#include "objects.h"

enum { SHORT_NS = 200000 };

static uint64_t soon(worker_t *worker)
{
	return ax_now_ns() + random_below(&worker->random, SHORT_NS);
}

/* What an attempt that may be interrupted came to. */
static bool got(ax_err_t error)
{
	MUST(error == AX_OK || error == AX_ERR_TIMED_OUT || error == AX_ERR_INTERRUPTED);
	if (error == AX_ERR_INTERRUPTED)
		(void)axtask_take_notice(); /* maybe taken before, in between its giving and its ending the wait */
	return error == AX_OK;
}

/* Takes, in one of four ways; who must not give up comes round to the last of them. */
#define TAKE(surely, try, until, interruptible, plain)                                             \
	({                                                                                         \
		bool taken_ = false;                                                               \
		do {                                                                               \
			switch (random_below(&worker->random, 5)) {                                \
			case 0:                                                                    \
				taken_ = try;                                                      \
				break;                                                             \
			case 1:                                                                    \
				taken_ = got(until);                                       \
				break;                                                             \
			case 2:                                                                    \
				taken_ = got(interruptible);                               \
				break;                                                             \
			default:                                                                   \
				plain;                                                             \
				taken_ = true;                                                     \
			}                                                                          \
		} while (!taken_ && (surely));                                                     \
		taken_;                                                                            \
	})

/* ------------------------------------------------------------------------------------------------------------- mutex */

static void init_mutex(object_t *object)
{
	object->mutex = (ax_mutex_t)AX_MUTEX_INIT;
}

static void init_inheriting(object_t *object)
{
	object->mutex = (ax_mutex_t)AX_MUTEX_INIT_INHERITING;
}

static bool take_mutex(object_t *object, worker_t *worker, bool surely)
{
	ax_mutex_t *mutex = &object->mutex;
	return TAKE(surely, ax_mutex_try_lock(mutex), ax_mutex_lock_until(mutex, soon(worker)),
		    ax_mutex_lock_interruptible(mutex, soon(worker)), ax_mutex_lock(mutex));
}

static void give_mutex(object_t *object, [[maybe_unused]] worker_t *worker)
{
	MUST(ax_mutex_is_mine(&object->mutex));
	ax_mutex_unlock(&object->mutex);
}

/* --------------------------------------------------------------------------------------------------- recursive mutex */

static void init_recursive(object_t *object)
{
	object->recursive = (ax_recursive_mutex_t)AX_RECURSIVE_MUTEX_INIT;
}

static bool take_recursive(object_t *object, worker_t *worker, bool surely)
{
	ax_recursive_mutex_t *mutex = &object->recursive;
	const bool taken = TAKE(surely, ax_recursive_mutex_try_lock(mutex), ax_recursive_mutex_lock_until(mutex, soon(worker)),
				ax_recursive_mutex_lock_interruptible(mutex, soon(worker)),
				MUST(ax_recursive_mutex_lock(mutex) == AX_OK));
	for (worker->depth = taken; taken && worker->depth < 3 && random_below(&worker->random, 2); worker->depth++)
		MUST(ax_recursive_mutex_lock_until(mutex, 0) == AX_OK);
	return taken;
}

static void give_recursive(object_t *object, worker_t *worker)
{
	for (unsigned depth = worker->depth; depth; depth--)
		MUST(ax_recursive_mutex_unlock(&object->recursive) == AX_OK);
}

/* ---------------------------------------------------------------------------------------------- error-checking mutex */

static void init_checked(object_t *object)
{
	object->checked = (ax_checked_mutex_t)AX_CHECKED_MUTEX_INIT;
}

static bool take_checked(object_t *object, worker_t *worker, bool surely)
{
	ax_checked_mutex_t *mutex = &object->checked;
	MUST(ax_checked_mutex_unlock(mutex) == AX_ERR_NOT_PERMITTED);
	return TAKE(surely, ax_checked_mutex_try_lock(mutex), ax_checked_mutex_lock_until(mutex, soon(worker)),
		    ax_checked_mutex_lock_interruptible(mutex, soon(worker)),
		    MUST(ax_checked_mutex_lock(mutex) == AX_OK));
}

static void give_checked(object_t *object, [[maybe_unused]] worker_t *worker)
{
	MUST(ax_checked_mutex_lock(&object->checked) == AX_ERR_DEADLOCK);
	MUST(ax_checked_mutex_unlock(&object->checked) == AX_OK);
}

/* ------------------------------------------------------------------------------------ semaphore and auto-reset event */

static void init_semaphore(object_t *object)
{
	ax_semaphore_init(&object->semaphore, 1);
}

static bool take_semaphore(object_t *object, worker_t *worker, bool surely)
{
	ax_semaphore_t *semaphore = &object->semaphore;
	return TAKE(surely, ax_semaphore_try_wait(semaphore), ax_semaphore_wait_until(semaphore, soon(worker)),
		    ax_semaphore_wait_interruptible(semaphore, soon(worker)), ax_semaphore_wait(semaphore));
}

static void give_semaphore(object_t *object, [[maybe_unused]] worker_t *worker)
{
	MUST(ax_semaphore_post(&object->semaphore) == AX_OK);
}

static void init_event(object_t *object)
{
	ax_event_init(&object->event, true);
	ax_event_set(&object->event);
}

static bool take_event(object_t *object, worker_t *worker, bool surely)
{
	ax_event_t *event = &object->event;
	return TAKE(surely, ax_event_try_wait(event), ax_event_wait_until(event, soon(worker)),
		    ax_event_wait_interruptible(event, soon(worker)), ax_event_wait(event));
}

static void give_event(object_t *object, [[maybe_unused]] worker_t *worker)
{
	ax_event_set(&object->event);
}

/* ----------------------------------------------------------------------------------------------- readers-writer lock */

static void init_rwlock(object_t *object)
{
	object->rwlock = (ax_rwlock_t){};
}

static bool take_rwlock(object_t *object, worker_t *worker, bool surely)
{
	ax_rwlock_t *lock = &object->rwlock;
	return TAKE(surely, ax_rwlock_try_write_lock(lock), ax_rwlock_write_lock_until(lock, soon(worker)),
		    ax_rwlock_write_lock_interruptible(lock, soon(worker)), ax_rwlock_write_lock(lock));
}

static void give_rwlock(object_t *object, [[maybe_unused]] worker_t *worker)
{
	MUST(ax_rwlock_is_mine(&object->rwlock));
	ax_rwlock_unlock(&object->rwlock);
}

static void read_rwlock(object_t *object, worker_t *worker)
{
	ax_rwlock_t *lock = &object->rwlock;
	if (!TAKE(false, ax_rwlock_try_read_lock(lock), ax_rwlock_read_lock_until(lock, soon(worker)),
		  ax_rwlock_read_lock_interruptible(lock, soon(worker)), ax_rwlock_read_lock(lock)))
		return;
	MUST(object->count == object->copy);
	if (random_below(&worker->random, 4) == 0)
		ax_thread_yield();
	MUST(object->count == object->copy);
	ax_rwlock_unlock(lock);
}

/* ------------------------------------------------------------------------------------ a condition variable's monitor */

static void init_monitor(object_t *object)
{
	object->monitor.mutex = (ax_mutex_t)AX_MUTEX_INIT;
	object->monitor.left = (ax_condvar_t)AX_CONDVAR_INIT;
	object->monitor.taken = false;
}

static void init_inheriting_monitor(object_t *object)
{
	init_monitor(object);
	object->monitor.mutex = (ax_mutex_t)AX_MUTEX_INIT_INHERITING;
}

/* Locked before and after. */
static bool wait_for_change(object_t *object, worker_t *worker)
{
	ax_condvar_t *left = &object->monitor.left;
	ax_mutex_t *mutex = &object->monitor.mutex;
	ax_err_t error = AX_OK;
	switch (random_below(&worker->random, 4)) {
	case 0:
		error = ax_condvar_wait_until(left, mutex, soon(worker));
		break;
	case 1:
		error = ax_condvar_wait_interruptible(left, mutex, soon(worker));
		if (!got(error))
			ax_mutex_lock(mutex);
		break;
	default:
		ax_condvar_wait(left, mutex);
	}
	MUST(ax_mutex_is_mine(mutex));
	return error == AX_OK;
}

static bool take_monitor(object_t *object, worker_t *worker, bool surely)
{
	AX_MUTEX_GUARD(&object->monitor.mutex);
	while (object->monitor.taken) {
		if (!wait_for_change(object, worker) && !surely)
			return false;
	}
	object->monitor.taken = true;
	return true;
}

static void give_monitor(object_t *object, worker_t *worker)
{
	AX_MUTEX_GUARD(&object->monitor.mutex);
	object->monitor.taken = false;
	if (random_below(&worker->random, 4))
		ax_condvar_signal(&object->monitor.left);
	else
		ax_condvar_broadcast(&object->monitor.left);
}

const kind_t *kind_of(uint32_t number)
{
	static const kind_t s_kinds[] = {
		{ "mutex", init_mutex, take_mutex, give_mutex, NULL },
		{ "inheriting mutex", init_inheriting, take_mutex, give_mutex, NULL },
		{ "recursive mutex", init_recursive, take_recursive, give_recursive, NULL },
		{ "error-checking mutex", init_checked, take_checked, give_checked, NULL },
		{ "semaphore", init_semaphore, take_semaphore, give_semaphore, NULL },
		{ "event", init_event, take_event, give_event, NULL },
		{ "readers-writer lock", init_rwlock, take_rwlock, give_rwlock, read_rwlock },
		{ "monitor", init_monitor, take_monitor, give_monitor, NULL },
		{ "monitor of an inheriting mutex", init_inheriting_monitor, take_monitor, give_monitor, NULL },
	};
	return &s_kinds[number % ARRAY_SIZE(s_kinds)];
}
