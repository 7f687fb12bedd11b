/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Futexes, for programs and for the parts of the C library that know no other lock: futex(2). A bucket, chosen by the
 * word's address, holds those who wait; its lock is what makes "compare, then sleep" one step. Wake order is first
 * come, first served. The kernel's own locks do not pass here.
 */
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <axsync/condvar.h>
#include <axsync/mutex.h>
#include <base/base.h>
#include <posix_api/syscalls.h>
#include <stdbool.h>

enum { BUCKETS = 64 };

typedef struct waiter {
	struct waiter *next;
	uint32_t *word;
	uint32_t bits;
	bool woken;
	ax_condvar_t wake;
} waiter_t;

static struct bucket {
	ax_mutex_t lock; /* protects the list and its waiters */
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

static long wait(uint32_t *word, uint32_t value, uint64_t deadline_ns, uint32_t bits)
{
	struct bucket *bucket = bucket_of(word);
	waiter_t self = { .word = word, .bits = bits };
	long result = 0;

	AX_MUTEX_GUARD(&bucket->lock);
	if (__atomic_load_n(word, __ATOMIC_RELAXED) != value)
		return -AX_ERR_WOULD_BLOCK;
	append(bucket, &self);
	while (!self.woken && result == 0) {
		if (ax_condvar_wait_until(&self.wake, &bucket->lock, deadline_ns) != AX_OK)
			result = self.woken ? 0 : -AX_ERR_TIMED_OUT;
	}
	if (!self.woken)
		remove_waiter(bucket, &self);
	return result;
}

static long wake(uint32_t *word, uint32_t most, uint32_t bits)
{
	struct bucket *bucket = bucket_of(word);
	uint32_t count = 0;

	AX_MUTEX_GUARD(&bucket->lock);
	for (waiter_t **link = &bucket->first; *link && count < most;) {
		waiter_t *waiter = *link;
		if (waiter->word != word || !(waiter->bits & bits)) {
			link = &waiter->next;
			continue;
		}
		unlink_at(bucket, link);
		waiter->woken = true;
		ax_condvar_signal(&waiter->wake);
		count++;
	}
	return count;
}

/* FUTEX_WAIT's timeout is a span of the monotonic clock, FUTEX_WAIT_BITSET's a point in time of either clock. */
static long deadline_of(int operation, const struct ax_timespec *timeout, uint64_t *deadline_ns)
{
	*deadline_ns = AXTASK_FOREVER;
	if (!timeout)
		return 0;
	if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= (int64_t)AX_NS_PER_SEC)
		return -AX_ERR_INVALID_INPUT;
	uint64_t ns;
	if (__builtin_mul_overflow((uint64_t)timeout->tv_sec, AX_NS_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)timeout->tv_nsec, &ns))
		return 0;
	const uint64_t now = axhal_now_ns();
	if ((operation & 127) == AX_FUTEX_WAIT_BITSET && (operation & AX_FUTEX_CLOCK_REALTIME)) {
		const uint64_t wall = axhal_wall_ns();
		ns = ns > wall ? ns - wall : 0;
	} else if ((operation & 127) == AX_FUTEX_WAIT_BITSET) {
		*deadline_ns = ns;
		return 0;
	}
	if (!__builtin_add_overflow(now, ns, &ns))
		*deadline_ns = ns;
	return 0;
}

long ax_sys_futex(uint32_t *word, int operation, uint32_t value, const struct ax_timespec *timeout,
		  [[maybe_unused]] uint32_t *word2, uint32_t value3)
{
	const uint32_t all = UINT32_MAX;
	uint64_t deadline_ns;
	long error;

	switch (operation & 127) {
	case AX_FUTEX_WAIT:
	case AX_FUTEX_WAIT_BITSET:
		error = deadline_of(operation, timeout, &deadline_ns);
		return error ? error : wait(word, value, deadline_ns, (operation & 127) == AX_FUTEX_WAIT ? all : value3);
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
