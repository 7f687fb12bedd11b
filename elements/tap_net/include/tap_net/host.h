/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the calls of the Linux host that the device is driven by. Each returns what the system call of its name does: a
 * value, or a negated errno. Nothing here waits: the device is opened non-blocking. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

struct tap_net_iovec { /* struct iovec */
	void *start;
	size_t bytes;
};

/** Open @p path for reading and writing, O_NONBLOCK. */
long tap_net_host_open(const char *path);
void tap_net_host_close(int fd);
long tap_net_host_ioctl(int fd, unsigned long request, void *argument);
long tap_net_host_readv(int fd, const struct tap_net_iovec *vector, size_t count);
long tap_net_host_writev(int fd, const struct tap_net_iovec *vector, size_t count);

/** Have @p handler(argument) called, in interrupt context, when something arrives at @p fd from now on; or not any more. */
void tap_net_host_interrupt(int fd, bool wanted, void (*handler)(void *argument), void *argument);

#pragma GCC visibility pop
