/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor table: look-ups, claims, the pool of open files, close, dup. Invariants: descriptor.h. */
#include "descriptor.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum {
	FIRST = 64,         /* slots that need no memory of the heap */
	WORD = 64,          /* bits */
	BATCH = 16,         /* open files made at a time */
	SOFT = 1024,        /* RLIMIT_NOFILE */
	HARD = 65536,
};

/* The console's open file has a reference of its own besides those of descriptors 0, 1 and 2: it is never free. */
static posix_file_t s_console = {
	.ops = &posix_console_ops, .references = 4, .flags = 2, .readiness = &posix_console_readiness,
};
static posix_file_t *s_first[FIRST] = { &s_console, &s_console, &s_console };
static uint64_t s_first_used[FIRST / WORD] = { 7 };
static uint64_t s_first_cloexec[FIRST / WORD];

static posix_lock_t s_lock; /* protects slots, what follows, and the free open files */
posix_file_t **posix_slots = s_first;
unsigned posix_slot_count = FIRST;
static uint64_t *s_used = s_first_used, *s_cloexec = s_first_cloexec; /* a bit a slot */
static unsigned s_lowest = 3; /* no slot below is free */
static struct ax_rlimit s_limit = { SOFT, HARD };
static posix_file_t *s_free;

void (*posix_file_forget)(posix_file_t *file);
void (*posix_take_in)(void);

/* Lock held. */
static bool make_files(void)
{
	posix_file_t *files = axalloc_alloc(BATCH * sizeof *files, 0);
	if (!files)
		return false;
	memset(files, 0, BATCH * sizeof *files);
	for (int i = 0; i < BATCH; i++) {
		files[i].next_free = s_free;
		s_free = &files[i];
	}
	return true;
}

posix_file_t *posix_file_new(const posix_file_ops_t *ops, int flags)
{
	posix_lock(&s_lock);
	posix_file_t *file = s_free || make_files() ? s_free : NULL;
	if (file)
		s_free = file->next_free;
	posix_unlock(&s_lock);
	if (!file)
		return NULL;
	const size_t skip = offsetof(posix_file_t, flags);
	memset((char *)file + skip, 0, sizeof *file - skip);
	file->ops = ops;
	file->flags = flags & ~AX_O_CLOEXEC;
	__atomic_store_n(&file->references, 1, __ATOMIC_RELEASE);
	return file;
}

void posix_file_free(posix_file_t *file)
{
	if (unlikely(file->items))
		posix_file_forget(file);
	if (file->ops->release)
		file->ops->release(file);
	posix_lock(&s_lock);
	file->next_free = s_free;
	s_free = file;
	posix_unlock(&s_lock);
}

/* Lock held. Twice as many slots, at least @p least. */
static long grow(unsigned least)
{
	unsigned count = posix_slot_count * 2;
	while (count < least)
		count *= 2;
	const size_t words = count / WORD;
	char *memory = axalloc_alloc(count * sizeof *posix_slots + 2 * words * sizeof(uint64_t), 0);
	if (!memory)
		return -AX_ERR_NO_MEMORY;
	memset(memory, 0, count * sizeof *posix_slots + 2 * words * sizeof(uint64_t));
	posix_file_t **slots = (posix_file_t **)memory, **before = posix_slots;
	uint64_t *used = (uint64_t *)(slots + count), *cloexec = used + words;
	memcpy(slots, before, posix_slot_count * sizeof *slots);
	memcpy(used, s_used, posix_slot_count / WORD * sizeof *used);
	memcpy(cloexec, s_cloexec, posix_slot_count / WORD * sizeof *cloexec);
	s_used = used;
	s_cloexec = cloexec;
	{
		PREEMPT_GUARD();
		__atomic_store_n(&posix_slots, slots, __ATOMIC_RELEASE);
		__atomic_store_n(&posix_slot_count, count, __ATOMIC_RELEASE);
	}
	if (POSIX_TABLES_RETIRE && before != s_first)
		axalloc_free(before);
	return 0;
}

/* Lock held. A free slot from @p lowest on, or a negated errno. */
static long find_free(unsigned lowest)
{
	unsigned fd = AX_MAX(lowest, s_lowest);
	while (fd < posix_slot_count) {
		const uint64_t free = ~s_used[fd / WORD] >> (fd % WORD);
		if (free) {
			fd += (unsigned)__builtin_ctzll(free);
			break;
		}
		fd = (fd / WORD + 1) * WORD;
	}
	if (fd >= s_limit.soft)
		return -AX_ERR_TOO_MANY_HANDLES;
	if (fd >= posix_slot_count) {
		const long error = grow(fd + 1);
		if (error)
			return error;
	}
	if (lowest <= s_lowest)
		s_lowest = fd;
	return fd;
}

static void set_bit(uint64_t *bits, unsigned fd, bool value)
{
	const uint64_t bit = UINT64_C(1) << fd % WORD;
	if (value)
		bits[fd / WORD] |= bit;
	else
		bits[fd / WORD] &= ~bit;
}

/* Lock held; the slot is there. Returns what was in it, whose reference is the caller's now. */
static posix_file_t *fill(unsigned fd, posix_file_t *file, bool cloexec)
{
	posix_file_t *before = posix_slots[fd];
	posix_slot_publish(&posix_slots[fd], file);
	set_bit(s_used, fd, file);
	set_bit(s_cloexec, fd, cloexec);
	if (!file && fd < s_lowest)
		s_lowest = fd;
	return before;
}

long posix_descriptor_install(posix_file_t *file, int lowest, int flags)
{
	if (!file)
		return -AX_ERR_NO_MEMORY;
	posix_lock(&s_lock);
	const long fd = find_free((unsigned)lowest);
	if (fd >= 0)
		(void)fill((unsigned)fd, file, flags & AX_O_CLOEXEC);
	posix_unlock(&s_lock);
	if (fd < 0)
		posix_file_put(file);
	return fd;
}

static long close_one(unsigned fd)
{
	posix_lock(&s_lock);
	posix_file_t *file = fd < posix_slot_count && posix_slots[fd] ? fill(fd, NULL, false) : NULL;
	posix_unlock(&s_lock);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	posix_file_put(file);
	return 0;
}

long posix_descriptor_install_pair(posix_file_t *first, posix_file_t *second, int flags, int descriptors[2])
{
	const long one = posix_descriptor_install(first, 0, flags);
	if (one < 0) {
		if (second)
			posix_file_put(second);
		return one;
	}
	const long two = posix_descriptor_install(second, 0, flags);
	if (two < 0) {
		(void)close_one((unsigned)one);
		return two;
	}
	descriptors[0] = (int)one;
	descriptors[1] = (int)two;
	return 0;
}

long ax_sys_close(int fd)
{
	POSIX_CALL();
	return close_one((unsigned)fd);
}

long ax_sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	enum { CLOSE_RANGE_UNSHARE = 2, CLOSE_RANGE_CLOEXEC = 4 };
	POSIX_CALL();
	if (first > last || (flags & ~(unsigned)(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return -AX_ERR_INVALID_INPUT;
	for (unsigned fd = first; fd <= last && fd < posix_slot_count; fd++) {
		if (!(flags & CLOSE_RANGE_CLOEXEC)) {
			(void)close_one(fd);
			continue;
		}
		posix_lock(&s_lock);
		if (posix_slots[fd])
			set_bit(s_cloexec, fd, true);
		posix_unlock(&s_lock);
	}
	return 0;
}

long ax_sys_dup(int fd)
{
	POSIX_CALL();
	posix_file_t *file = posix_file_get(fd);
	return file ? posix_descriptor_install(file, 0, 0) : -AX_ERR_BAD_HANDLE;
}

long ax_sys_dup3(int fd, int new_fd, int flags)
{
	POSIX_CALL();
	if (fd == new_fd || (flags & ~AX_O_CLOEXEC))
		return -AX_ERR_INVALID_INPUT;
	if (new_fd < 0 || (unsigned)new_fd >= s_limit.soft)
		return -AX_ERR_BAD_HANDLE;
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	posix_lock(&s_lock);
	const long error = (unsigned)new_fd < posix_slot_count ? 0 : grow((unsigned)new_fd + 1);
	posix_file_t *old = error ? file : fill((unsigned)new_fd, file, flags & AX_O_CLOEXEC);
	posix_unlock(&s_lock);
	if (old)
		posix_file_put(old);
	return error ? error : new_fd;
}

long ax_sys_dup2(int fd, int new_fd)
{
	if (fd != new_fd)
		return ax_sys_dup3(fd, new_fd, 0);
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return file ? new_fd : -AX_ERR_BAD_HANDLE;
}

static long descriptor_flags(int fd, bool set, bool cloexec)
{
	posix_lock(&s_lock);
	long result = -AX_ERR_BAD_HANDLE;
	if ((unsigned)fd < posix_slot_count && posix_slots[fd]) {
		if (set)
			set_bit(s_cloexec, (unsigned)fd, cloexec);
		result = set ? 0 : (long)(s_cloexec[fd / WORD] >> fd % WORD & 1);
	}
	posix_unlock(&s_lock);
	return result;
}

static long change_flags(posix_file_t *file, int flags)
{
	const int changeable = AX_O_APPEND | AX_O_NONBLOCK | AX_O_DIRECT | AX_O_NOATIME | AX_O_ASYNC;
	flags = (file->flags & ~changeable) | (flags & changeable);
	if (file->ops->set_flags)
		file->ops->set_flags(file, flags);
	file->flags = flags;
	return 0;
}

static long fcntl(int fd, posix_file_t *file, int command, unsigned long argument)
{
	switch (command) {
	case AX_F_DUPFD:
	case AX_F_DUPFD_CLOEXEC:
		if (argument >= s_limit.soft)
			return -AX_ERR_INVALID_INPUT;
		posix_file_hold(file);
		return posix_descriptor_install(file, (int)argument, command == AX_F_DUPFD ? 0 : AX_O_CLOEXEC);
	case AX_F_GETFD:
		return descriptor_flags(fd, false, false);
	case AX_F_SETFD: /* kept, and nothing more: nothing execs */
		return descriptor_flags(fd, true, argument & AX_FD_CLOEXEC);
	case AX_F_GETFL:
		return file->flags;
	case AX_F_SETFL:
		return change_flags(file, (int)argument);
	default:
		return file->ops->fcntl ? file->ops->fcntl(file, command, argument) : -AX_ERR_INVALID_INPUT;
	}
}

long ax_sys_fcntl(int fd, int command, unsigned long argument)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return file ? fcntl(fd, file, command, argument) : -AX_ERR_BAD_HANDLE;
}

struct ax_rlimit posix_descriptor_limits(void)
{
	return s_limit;
}

long posix_set_descriptor_limits(const struct ax_rlimit *limit)
{
	if (limit->soft > limit->hard)
		return -AX_ERR_INVALID_INPUT;
	if (limit->hard > HARD)
		return -AX_ERR_NOT_PERMITTED;
	posix_lock(&s_lock);
	s_limit = *limit;
	posix_unlock(&s_lock);
	return 0;
}
