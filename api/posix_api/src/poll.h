/* SPDX-License-Identifier: Apache-2.0 */
/* What the calls that wait for descriptors share. */
#pragma once

#include <posix_api/abi_io.h>
#include <stdbool.h>

/** As poll(2), until @p deadline_ns of axhal_now_ns(); 0 looks and does not wait. Handlers are held. */
long posix_poll(struct ax_pollfd *fds, size_t count, uint64_t deadline_ns);

/** The deadline of a time-out: milliseconds, negative for ever. */
uint64_t posix_deadline_ms(int timeout_ms);

/** The same of a span; NULL: for ever. False if it is none. */
bool posix_deadline_timespec(const struct ax_timespec *timeout, uint64_t *deadline_ns);

/** Wait with @p mask (NULL: the caller's) blocked: in between wait(argument, deadline_ns). Handlers are held. */
long posix_wait_masked(const uint64_t *mask, long (*wait)(void *argument, uint64_t deadline_ns), void *argument,
		       uint64_t deadline_ns);
