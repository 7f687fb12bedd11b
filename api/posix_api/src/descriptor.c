/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor table: claims, lookups, close and the dup family. Invariants: descriptor.h. */
#include "descriptor.h"

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <posix_api/syscalls.h>

enum { CONSOLE = 0, FILES = POSIX_DESCRIPTORS };

/* The console's open file has a reference of its own besides those of descriptors 0, 1 and 2: it is never free. */
static posix_file_t s_files[FILES] = {
	[CONSOLE] = { .ops = &posix_console_ops, .references = 4, .flags = 2 },
};
static _Atomic(posix_file_t *) s_slots[POSIX_DESCRIPTORS] = {
	&s_files[CONSOLE],
	&s_files[CONSOLE],
	&s_files[CONSOLE],
};

static bool take_reference(posix_file_t *file)
{
	unsigned seen = atomic_load_explicit(&file->references, memory_order_relaxed);
	do {
		if (seen == 0)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(&file->references, &seen, seen + 1,
							memory_order_acquire, memory_order_relaxed));
	return true;
}

posix_file_t *posix_file_get(int fd)
{
	if (unlikely((unsigned)fd >= POSIX_DESCRIPTORS))
		return NULL;
	for (;;) {
		posix_file_t *file = atomic_load_explicit(&s_slots[fd], memory_order_acquire);
		if (unlikely(!file))
			return NULL;
		if (likely(take_reference(file))) {
			if (likely(atomic_load_explicit(&s_slots[fd], memory_order_acquire) == file))
				return file;
			posix_file_put(file); /* closed and reused between: it is another's */
		}
	}
}

void posix_file_put(posix_file_t *file)
{
	atomic_fetch_sub_explicit(&file->references, 1, memory_order_release);
}

posix_file_t *posix_file_new(const posix_file_ops_t *ops, int flags)
{
	for (size_t i = 0; i < FILES; i++) {
		unsigned free = 0;
		posix_file_t *file = &s_files[i];
		if (!atomic_compare_exchange_strong_explicit(&file->references, &free, 1,
							     memory_order_acquire, memory_order_relaxed))
			continue;
		file->ops = ops;
		file->flags = flags;
		file->position = 0;
		file->data = NULL;
		file->size_bytes = 0;
		file->tag = 0;
		return file;
	}
	return NULL;
}

long posix_descriptor_install(posix_file_t *file, int lowest)
{
	for (int fd = lowest; fd < POSIX_DESCRIPTORS; fd++) {
		posix_file_t *none = NULL;
		if (atomic_compare_exchange_strong(&s_slots[fd], &none, file))
			return fd;
	}
	posix_file_put(file);
	return -AX_ERR_TOO_MANY_HANDLES;
}

long ax_sys_close(int fd)
{
	if ((unsigned)fd >= POSIX_DESCRIPTORS)
		return -AX_ERR_BAD_HANDLE;
	posix_file_t *file = atomic_exchange(&s_slots[fd], NULL);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	posix_file_put(file);
	return 0;
}

static long duplicate(int fd, int lowest)
{
	posix_file_t *file = posix_file_get(fd);
	return file ? posix_descriptor_install(file, lowest) : -AX_ERR_BAD_HANDLE;
}

long ax_sys_dup(int fd)
{
	return duplicate(fd, 0);
}

long ax_sys_dup3(int fd, int new_fd, [[maybe_unused]] int flags)
{
	if (fd == new_fd)
		return -AX_ERR_INVALID_INPUT;
	if ((unsigned)new_fd >= POSIX_DESCRIPTORS)
		return -AX_ERR_BAD_HANDLE;
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	posix_file_t *old = atomic_exchange(&s_slots[new_fd], file);
	if (old)
		posix_file_put(old);
	return new_fd;
}

long ax_sys_dup2(int fd, int new_fd)
{
	if (fd != new_fd)
		return ax_sys_dup3(fd, new_fd, 0);
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	posix_file_put(file);
	return new_fd;
}

long ax_sys_fcntl(int fd, int command, unsigned long argument)
{
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = 0;
	switch (command) {
	case AX_F_DUPFD:
	case AX_F_DUPFD_CLOEXEC:
		if (argument >= POSIX_DESCRIPTORS) {
			result = -AX_ERR_INVALID_INPUT;
			break;
		}
		return posix_descriptor_install(file, (int)argument);
	case AX_F_GETFD: /* close-on-exec means nothing where nothing execs */
	case AX_F_SETFD:
		break;
	case AX_F_GETFL:
		result = file->flags;
		break;
	case AX_F_SETFL:
		file->flags = (file->flags & AX_O_ACCMODE) | ((int)argument & ~AX_O_ACCMODE);
		break;
	default:
		result = -AX_ERR_INVALID_INPUT;
	}
	posix_file_put(file);
	return result;
}
