/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks on files. One list holds them all: flock(2)'s and open-file-description locks (F_OFD_SETLK) belong to an open file,
 * and those of two open files of one node conflict; flock() and the others do not see each other. The record locks of POSIX
 * belong to the process, of which there is one: they never conflict, so none is kept.
 *
 * Locks of one owner on one node do not overlap: a new one replaces what it covers.
 */
#include "vfs.h"

#include <axalloc/axalloc.h>
#include <posix_api/syscalls.h>

#define TO_THE_END UINT64_MAX

typedef struct record {
	struct record *next;
	const posix_file_t *owner;
	const vfs_node_t *node;
	uint64_t first, last;      /* bytes, both locked */
	bool exclusive, whole;     /* `whole`: of flock() */
} record_t;

static posix_lock_t s_lock;        /* protects the list */
static record_t *s_records;
static posix_readiness_t s_change; /* who waits for a lock watches it */

static bool overlap(const record_t *a, const record_t *b)
{
	return a->node == b->node && a->whole == b->whole && a->first <= b->last && b->first <= a->last;
}

static const record_t *find_conflict(const record_t *wanted)
{
	for (const record_t *held = s_records; held; held = held->next)
		if (held->owner != wanted->owner && overlap(held, wanted) && (held->exclusive || wanted->exclusive))
			return held;
	return NULL;
}

/* Take @p range out of what its owner holds. A record that is cut in two gets @p spare as its other part. */
static void cut(const record_t *range, record_t **spare)
{
	for (record_t **link = &s_records; *link;) {
		record_t *held = *link;
		if (held->owner != range->owner || !overlap(held, range)) {
			link = &held->next;
			continue;
		}
		const bool before = held->first < range->first, after = held->last > range->last;
		if (before && after) {
			record_t *other = *spare;
			*spare = NULL;
			*other = *held;
			other->first = range->last + 1;
			held->next = other;
			held->last = range->first - 1;
			return;
		}
		if (before) {
			held->last = range->first - 1;
			link = &held->next;
		} else if (after) {
			held->first = range->last + 1;
			link = &held->next;
		} else {
			*link = held->next;
			axalloc_free(held);
		}
	}
}

/* @p new is what is to be held then, NULL for unlocking. Takes over both blocks. 0, or -EAGAIN: somebody is in the way. */
static long change(const record_t *wanted, record_t *new, record_t *spare)
{
	posix_lock(&s_lock);
	const bool conflict = new && find_conflict(wanted);
	if (!conflict) {
		cut(wanted, &spare);
		if (new) {
			*new = *wanted;
			new->next = s_records;
			s_records = new;
			new = NULL;
		}
	}
	posix_unlock(&s_lock);
	axalloc_free(new);
	axalloc_free(spare);
	if (!conflict)
		posix_readiness_notify(&s_change, AX_POLLIN);
	return conflict ? -AX_ERR_WOULD_BLOCK : 0;
}

static long try(const record_t *wanted, bool unlock)
{
	record_t *new = unlock ? NULL : axalloc_alloc(sizeof *new, 0), *spare = axalloc_alloc(sizeof *spare, 0);
	if ((!unlock && !new) || !spare) {
		axalloc_free(new);
		axalloc_free(spare);
		return -AX_ERR_NO_MEMORY;
	}
	return change(wanted, new, spare);
}

typedef struct waiter {
	posix_watch_t watch;
	posix_sleeper_t sleeper;
} waiter_t;

static void wake(posix_watch_t *watch, [[maybe_unused]] unsigned events)
{
	posix_sleeper_wake(&container_of(watch, waiter_t, watch)->sleeper);
}

/* A failed try that others' changes may mend: again, after the next change. */
static long apply(const record_t *wanted, bool unlock, bool wait)
{
	for (;;) {
		waiter_t self = { .watch.notify = wake };
		posix_watch_add(&s_change, &self.watch);
		long result = try(wanted, unlock);
		ax_err_t error = AX_OK;
		if (result == -AX_ERR_WOULD_BLOCK && wait)
			error = posix_sleeper_wait(&self.sleeper, UINT64_MAX);
		posix_watch_remove(&s_change, &self.watch);
		if (result != -AX_ERR_WOULD_BLOCK || !wait)
			return result;
		if (error == AX_ERR_INTERRUPTED && ax_posix_wait_interrupted() == AX_POSIX_EINTR)
			return -AX_ERR_INTERRUPTED;
	}
}

void posix_unlock_all(posix_file_t *file)
{
	if (!__atomic_load_n(&s_records, __ATOMIC_RELAXED) || !file->file.node)
		return;
	bool changed = false;
	posix_lock(&s_lock);
	for (record_t **link = &s_records; *link;) {
		record_t *held = *link;
		if (held->owner != file) {
			link = &held->next;
			continue;
		}
		*link = held->next;
		axalloc_free(held);
		changed = true;
	}
	posix_unlock(&s_lock);
	if (changed)
		posix_readiness_notify(&s_change, AX_POLLIN);
}

long ax_sys_flock(int fd, int operation)
{
	enum { SHARED = 1, EXCLUSIVE = 2, NON_BLOCKING = 4, UNLOCK = 8 };
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	const int what = operation & ~NON_BLOCKING;
	if (!posix_is_vfs(file) || (what != SHARED && what != EXCLUSIVE && what != UNLOCK))
		return -AX_ERR_INVALID_INPUT;
	const record_t wanted = {
		.owner = file, .node = file->file.node, .last = TO_THE_END, .exclusive = what == EXCLUSIVE, .whole = true,
	};
	return apply(&wanted, what == UNLOCK, !(operation & NON_BLOCKING));
}

/* The bytes that @p lock names: from the start, the position or the end; backwards with a negative length. */
static long range_of(const posix_file_t *file, const struct ax_flock *lock, record_t *wanted)
{
	ax_stat_t stat;
	int64_t start = lock->l_start, base = 0, last;
	if (lock->l_whence == AX_SEEK_CUR) {
		base = (int64_t)file->file.position;
	} else if (lock->l_whence == AX_SEEK_END) {
		const ax_err_t error = ax_file_stat(&file->file, &stat);
		if (error != AX_OK)
			return posix_result(error);
		base = (int64_t)stat.size;
	} else if (lock->l_whence != AX_SEEK_SET) {
		return -AX_ERR_INVALID_INPUT;
	}
	if (__builtin_add_overflow(start, base, &start))
		return -AX_ERR_OVERFLOW;
	if (lock->l_len < 0) {
		last = start - 1;
		if (__builtin_add_overflow(start, lock->l_len, &start))
			return -AX_ERR_INVALID_INPUT;
	} else if (__builtin_add_overflow(start, lock->l_len - 1, &last)) {
		return -AX_ERR_OVERFLOW;
	}
	if (start < 0)
		return -AX_ERR_INVALID_INPUT;
	wanted->first = (uint64_t)start;
	wanted->last = lock->l_len ? (uint64_t)last : TO_THE_END;
	return 0;
}

/* Who would be in the way, told as F_GETLK does. */
static long tell_conflict(const record_t *wanted, struct ax_flock *lock)
{
	POSIX_LOCK(&s_lock);
	const record_t *held = find_conflict(wanted);
	if (!held) {
		lock->l_type = AX_F_UNLCK;
		return 0;
	}
	*lock = (struct ax_flock){
		.l_type = held->exclusive ? AX_F_WRLCK : AX_F_RDLCK,
		.l_start = (int64_t)held->first,
		.l_len = held->last == TO_THE_END ? 0 : (int64_t)(held->last - held->first + 1),
		.l_pid = -1,
	};
	return 0;
}

long posix_lock_records(posix_file_t *file, int command, struct ax_flock *lock)
{
	const bool of_file = command >= AX_F_OFD_GETLK && command <= AX_F_OFD_SETLKW;
	if (!of_file && (command < AX_F_GETLK || command > AX_F_SETLKW))
		return -AX_ERR_INVALID_INPUT;
	const bool get = command == AX_F_GETLK || command == AX_F_OFD_GETLK;
	const int access = file->flags & AX_O_ACCMODE;
	record_t wanted = { .owner = file, .node = file->file.node, .exclusive = lock->l_type == AX_F_WRLCK };
	if (lock->l_type != AX_F_RDLCK && lock->l_type != AX_F_WRLCK && (lock->l_type != AX_F_UNLCK || get))
		return -AX_ERR_INVALID_INPUT;
	if (of_file && lock->l_pid)
		return -AX_ERR_INVALID_INPUT;
	const long error = range_of(file, lock, &wanted);
	if (error)
		return error;
	if (!get && ((lock->l_type == AX_F_RDLCK && access == AX_O_WRONLY) ||
		     (lock->l_type == AX_F_WRLCK && access == AX_O_RDONLY)))
		return -AX_ERR_BAD_HANDLE;
	if (!of_file) {
		if (get)
			lock->l_type = AX_F_UNLCK;
		return 0;
	}
	return get ? tell_conflict(&wanted, lock)
		   : apply(&wanted, lock->l_type == AX_F_UNLCK, command == AX_F_OFD_SETLKW);
}
