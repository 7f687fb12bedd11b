/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Futexes, for programs and for the parts of the C library that know no other lock: futex(2). A bucket, chosen by the
 * word's address, holds those who wait; its lock is what makes "compare, then be found" one step. Wake order is first
 * come, first served. The kernel's own locks do not pass here. A waiter's queue lies on its stack, so it leaves the bucket
 * before signal handlers run, which may not return.
 */
#include "time.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <axtask/wait_queue.h>
#include <base/base.h>
#include <posix_api/syscalls.h>

enum { BUCKETS = 64 };

typedef struct waiter {
	struct waiter *next;
	uint32_t *word;
	uint32_t bits;
	bool woken;            /* written with both locks held */
	ax_wait_queue_t queue; /* of the one thread; its lock is taken inside the bucket's */
} waiter_t;

static struct bucket {
	irq_spinlock_t lock; /* protects the list */
	waiter_t *first;
	waiter_t **last_next; /* NULL as long as nobody ever waited */
} s_buckets[BUCKETS];

static struct bucket *bucket_of(const uint32_t *word)
{
	return &s_buckets[((uintptr_t)word >> 2) * UINT64_C(0x9e3779b97f4a7c15) >> 58];
}

static void append(struct bucket *bucket, waiter_t *waiter)
{
	if (!bucket->last_next)
		bucket->last_next = &bucket->first;
	waiter->next = NULL;
	*bucket->last_next = waiter;
	bucket->last_next = &waiter->next;
}

static void unlink_at(struct bucket *bucket, waiter_t **link)
{
	waiter_t *waiter = *link;
	*link = waiter->next;
	if (bucket->last_next == &waiter->next)
		bucket->last_next = link;
}

static void remove_waiter(struct bucket *bucket, const waiter_t *waiter)
{
	for (waiter_t **link = &bucket->first; *link; link = &(*link)->next) {
		if (*link == waiter) {
			unlink_at(bucket, link);
			return;
		}
	}
}

/* Sleep until woken. The deadline or a notice may come first. */
static ax_err_t sleep(waiter_t *self, uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&self->queue);
	while (!self->woken && error == AX_OK)
		error = ax_wait_queue_sleep_interruptible(&self->queue, deadline_ns);
	ax_wait_queue_unlock(&self->queue, state);
	return error;
}

static bool enter(struct bucket *bucket, waiter_t *self, uint32_t value)
{
	SPIN_GUARD_IRQ(&bucket->lock);
	if (__atomic_load_n(self->word, __ATOMIC_RELAXED) != value)
		return false;
	append(bucket, self);
	return true;
}

static bool leave(struct bucket *bucket, waiter_t *self)
{
	SPIN_GUARD_IRQ(&bucket->lock);
	if (!self->woken)
		remove_waiter(bucket, self);
	return self->woken;
}

/* When a wait ends: of CLOCK_REALTIME, which may be set meanwhile, or of axhal_now_ns(). */
typedef struct deadline {
	uint64_t ns;
	bool real;
} deadline_t;

static uint64_t deadline_ns(const deadline_t *deadline)
{
	if (!deadline->real)
		return deadline->ns;
	const uint64_t wall_ns = ax_posix_wall_ns();
	return posix_add_saturating(axhal_now_ns(), deadline->ns > wall_ns ? deadline->ns - wall_ns : 0);
}

static bool is_early(const deadline_t *deadline)
{
	return deadline->real && ax_posix_wall_ns() < deadline->ns;
}

static long wait(uint32_t *word, uint32_t value, deadline_t deadline, uint32_t bits)
{
	struct bucket *bucket = bucket_of(word);
	long result = 0;

	ax_posix_wait_begin();
	for (;;) {
		waiter_t self = { .word = word, .bits = bits };
		if (!enter(bucket, &self, value)) {
			result = -AX_ERR_WOULD_BLOCK;
			break;
		}
		const ax_err_t error = sleep(&self, deadline_ns(&deadline));
		if (leave(bucket, &self))
			break;
		if (error == AX_ERR_TIMED_OUT && is_early(&deadline))
			continue; /* the clock was set back */
		result = -ax_err_to_errno(error);
		if (error == AX_ERR_TIMED_OUT || ax_posix_wait_interrupted() != AX_POSIX_NOTHING)
			break;
		result = 0;
	}
	ax_posix_wait_end();
	return result;
}

static void wake_waiter(waiter_t *waiter)
{
	irq_state_t state = ax_wait_queue_lock(&waiter->queue);
	waiter->woken = true;
	ax_wait_queue_unlock_and_wake(&waiter->queue, state, ax_wait_queue_take_one(&waiter->queue));
}

static long wake(uint32_t *word, uint32_t most, uint32_t bits)
{
	struct bucket *bucket = bucket_of(word);
	uint32_t count = 0;

	SPIN_GUARD_IRQ(&bucket->lock);
	for (waiter_t **link = &bucket->first; *link && count < most;) {
		waiter_t *waiter = *link;
		if (waiter->word != word || !(waiter->bits & bits)) {
			link = &waiter->next;
			continue;
		}
		unlink_at(bucket, link);
		wake_waiter(waiter);
		count++;
	}
	return count;
}

/* FUTEX_WAIT's timeout is a span of the monotonic clock, FUTEX_WAIT_BITSET's a point in time of either clock. */
static long deadline_of(int operation, const struct ax_timespec *timeout, deadline_t *deadline)
{
	*deadline = (deadline_t){ .ns = AXTASK_FOREVER };
	if (!timeout)
		return 0;
	uint64_t ns;
	if (!posix_to_ns(timeout, &ns))
		return -AX_ERR_INVALID_INPUT;
	const bool absolute = (operation & 127) == AX_FUTEX_WAIT_BITSET;
	deadline->real = absolute && (operation & AX_FUTEX_CLOCK_REALTIME);
	deadline->ns = absolute ? ns : posix_add_saturating(axhal_now_ns(), ns);
	return 0;
}

long ax_sys_futex(uint32_t *word, int operation, uint32_t value, const struct ax_timespec *timeout,
		  [[maybe_unused]] uint32_t *word2, uint32_t value3)
{
	const uint32_t all = UINT32_MAX;
	deadline_t deadline;
	long error;

	switch (operation & 127) {
	case AX_FUTEX_WAIT:
	case AX_FUTEX_WAIT_BITSET:
		error = deadline_of(operation, timeout, &deadline);
		return error ? error : wait(word, value, deadline, (operation & 127) == AX_FUTEX_WAIT ? all : value3);
	case AX_FUTEX_WAKE:
		return wake(word, value, all);
	case AX_FUTEX_WAKE_BITSET:
		return wake(word, value, value3);
	case AX_FUTEX_REQUEUE: /* to wake those who would be moved is allowed: they look again */
		return wake(word, all, all);
	default:
		return ax_sys_missing(-3, "futex operation");
	}
}
