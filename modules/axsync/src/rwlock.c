/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers-writer lock, phase-fair: readers and writers who wait take turns, so that neither starve (B. B. Brandenburg and
 * J. H. Anderson, "Reader-writer synchronization for shared-memory multiprocessor real-time systems", ECRTS 2009). The
 * last to let go of it admits the next writer, or all readers that wait; they return without another look at it, and
 * may destroy it.
 *
 * `holder` is 0, the writing thread, or for n readers n * READER + READERS. It changes under the writers' queue's lock;
 * the readers' queue's protects that list alone and is taken inside. Without a holder nobody waits.
 */
#include <axsync/rwlock.h>

enum { READERS = 1, READER = 2 };

static bool is_read_locked(const ax_rwlock_t *lock)
{
	return lock->holder & READERS;
}

/* A writer that waits holds new readers up. */
static bool may_read(const ax_rwlock_t *lock)
{
	return !lock->holder || (is_read_locked(lock) && ax_wait_queue_is_empty(&lock->writers));
}

static void add_readers(ax_rwlock_t *lock, size_t count)
{
	lock->holder = (is_read_locked(lock) ? lock->holder : READERS) + count * READER;
}

/* All readers that wait come in; NULL if none does. */
static ax_thread_t *admit_readers(ax_rwlock_t *lock)
{
	SPIN_GUARD_RAW(&lock->readers.lock.raw);
	ax_thread_t *first = ax_wait_queue_take_all(&lock->readers);
	size_t count = 0;
	for (ax_thread_t *thread = first; thread; thread = ax_wait_queue_next_taken(thread))
		count++;
	if (first)
		add_readers(lock, count);
	return first;
}

static ax_thread_t *admit_writer(ax_rwlock_t *lock)
{
	ax_thread_t *thread = ax_wait_queue_take_one(&lock->writers);
	if (thread)
		lock->holder = (uintptr_t)thread;
	return thread;
}

/*
 * The last holder leaves: who comes in now. Until that is known the leaving thread has the lock as a writer, so that
 * nobody gets in if the queue's lock is let go meanwhile.
 */
static ax_thread_t *hand_over(ax_rwlock_t *lock)
{
	bool readers_first = !is_read_locked(lock);
	ax_thread_t *next = NULL;
	lock->holder = (uintptr_t)axtask_current();
	if (readers_first)
		next = admit_readers(lock);
	if (!next)
		next = admit_writer(lock);
	if (!next)
		next = admit_readers(lock);
	if (!next)
		lock->holder = 0;
	return next;
}

static AX_ALWAYS_INLINE ax_err_t read_lock(ax_rwlock_t *lock, uint64_t deadline_ns, ax_wait_queue_sleep_t *sleep)
{
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	if (may_read(lock)) {
		add_readers(lock, 1);
		ax_wait_queue_unlock(&lock->writers, state);
		return AX_OK;
	}
	spin_raw_lock(&lock->readers.lock.raw);
	spin_raw_unlock(&lock->writers.lock.raw);
	return sleep(&lock->readers, state, deadline_ns); /* woken as one of the readers */
}

ax_err_t ax_rwlock_read_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	return read_lock(lock, deadline_ns, ax_wait_queue_unlock_and_sleep);
}

ax_err_t ax_rwlock_read_lock_interruptible(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	return read_lock(lock, deadline_ns, ax_wait_queue_unlock_and_sleep_interruptible);
}

/* A writer gave up: readers that it alone held up come in. */
static void stop_writing(ax_rwlock_t *lock)
{
	ax_thread_t *readers = NULL;
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	if (lock->holder && may_read(lock))
		readers = admit_readers(lock);
	ax_wait_queue_unlock_and_wake(&lock->writers, state, readers);
}

static AX_ALWAYS_INLINE ax_err_t write_lock(ax_rwlock_t *lock, uint64_t deadline_ns, ax_wait_queue_sleep_t *sleep)
{
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	if (!lock->holder) {
		lock->holder = (uintptr_t)axtask_current();
		ax_wait_queue_unlock(&lock->writers, state);
		return AX_OK;
	}
	ax_err_t error = sleep(&lock->writers, state, deadline_ns); /* woken as the writer */
	if (error != AX_OK)
		stop_writing(lock);
	return error;
}

ax_err_t ax_rwlock_write_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	return write_lock(lock, deadline_ns, ax_wait_queue_unlock_and_sleep);
}

ax_err_t ax_rwlock_write_lock_interruptible(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	return write_lock(lock, deadline_ns, ax_wait_queue_unlock_and_sleep_interruptible);
}

void ax_rwlock_read_lock(ax_rwlock_t *lock)
{
	ax_err_t never = ax_rwlock_read_lock_until(lock, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_rwlock_write_lock(ax_rwlock_t *lock)
{
	ax_err_t never = ax_rwlock_write_lock_until(lock, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

bool ax_rwlock_try_read_lock(ax_rwlock_t *lock)
{
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	bool locked = may_read(lock);
	if (locked)
		add_readers(lock, 1);
	ax_wait_queue_unlock(&lock->writers, state);
	return locked;
}

bool ax_rwlock_try_write_lock(ax_rwlock_t *lock)
{
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	bool locked = !lock->holder;
	if (locked)
		lock->holder = (uintptr_t)axtask_current();
	ax_wait_queue_unlock(&lock->writers, state);
	return locked;
}

void ax_rwlock_unlock(ax_rwlock_t *lock)
{
	ax_thread_t *next = NULL;
	irq_state_t state = ax_wait_queue_lock(&lock->writers);
	if (is_read_locked(lock) && lock->holder > READER + READERS)
		lock->holder -= READER;
	else
		next = hand_over(lock);
	ax_wait_queue_unlock_and_wake(&lock->writers, state, next);
}
