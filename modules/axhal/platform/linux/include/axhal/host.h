/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux as the machine, for drivers of what it has: files of the host, and the interrupt that they raise. Machine `linux`
 * only. Each call returns what the system call of its name does, a value or a negated errno, and may wait as that does:
 * open with AXHAL_HOST_NONBLOCK what is used with threads. Thread context.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum { /* asm-generic/fcntl.h, x86 alike */
	AXHAL_HOST_RDWR = 02,
	AXHAL_HOST_NONBLOCK = 04000,
	AXHAL_HOST_CLOEXEC = 02000000,
};

struct axhal_host_iovec { /* struct iovec */
	void *start;
	size_t bytes;
};

/** openat(2) from the current folder, without a mode: the file exists. */
long axhal_host_open(const char *path, int flags);
long axhal_host_close(int fd);
long axhal_host_ioctl(int fd, unsigned long request, void *argument);
long axhal_host_readv(int fd, const struct axhal_host_iovec *vector, size_t count);
long axhal_host_writev(int fd, const struct axhal_host_iovec *vector, size_t count);

/**
 * Have interrupt AXHAL_IRQ_HOST raised, on any CPU, whenever something arrives at @p fd from now on (fcntl(2), O_ASYNC), or
 * not any more. What is there already raises none. One interrupt for all files: its handler looks at all.
 * @return a negated errno if the file cannot
 */
long axhal_host_interrupt(int fd, bool wanted);

#pragma GCC visibility pop
