/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poll(2) and ppoll(2): a watch on each object, then one sleep. Few descriptors need no memory but the stack's. A handler
 * ends the wait whatever its flags (POSIX.1-2017, XSH 2.4 and sigaction()); watches are gone before it runs.
 */
#include "poll.h"

#include "descriptor.h"
#include "signal.h"
#include "time.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum { FEW = 16, NS_PER_MS = 1000000 };

typedef struct polled {
	posix_watch_t watch;
	posix_sleeper_t *sleeper;
	posix_file_t *file;
} polled_t;

static void wake(posix_watch_t *watch, [[maybe_unused]] unsigned events)
{
	posix_sleeper_wake(container_of(watch, polled_t, watch)->sleeper);
}

static int16_t ready_events(posix_file_t *file, int16_t wanted)
{
	const unsigned always = AX_POLLERR | AX_POLLHUP;
	return (int16_t)(posix_file_events(file) & ((unsigned)(uint16_t)wanted | always));
}

/* What is there now; how many descriptors have something. */
static long look(struct ax_pollfd *fds, const polled_t *polled, size_t count)
{
	long ready = 0;
	for (size_t i = 0; i < count; i++) {
		fds[i].revents = polled[i].file ? ready_events(polled[i].file, fds[i].events)
			       : fds[i].fd < 0	? 0
						: AX_POLLNVAL;
		ready += fds[i].revents != 0;
	}
	return ready;
}

static void watch_all(polled_t *polled, size_t count, posix_sleeper_t *sleeper)
{
	for (size_t i = 0; i < count; i++) {
		polled[i].watch.notify = wake;
		polled[i].sleeper = sleeper;
		if (polled[i].file && polled[i].file->readiness)
			posix_watch_add(polled[i].file->readiness, &polled[i].watch);
	}
}

static void forget_all(polled_t *polled, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!polled[i].file)
			continue;
		if (polled[i].watch.link)
			posix_watch_remove(polled[i].file->readiness, &polled[i].watch);
		posix_file_put(polled[i].file);
	}
}

/* Ready descriptors, 0: the deadline passed, or -EINTR: there is a handler to run. */
static long poll_once(struct ax_pollfd *fds, polled_t *polled, size_t count, uint64_t deadline_ns)
{
	posix_sleeper_t sleeper = {};
	ax_err_t error = AX_OK;
	memset(polled, 0, count * sizeof *polled);
	for (size_t i = 0; i < count; i++)
		polled[i].file = fds[i].fd < 0 ? NULL : posix_file_get(fds[i].fd);
	long ready = look(fds, polled, count);
	if (!ready && deadline_ns) {
		watch_all(polled, count, &sleeper);
		while (!(ready = look(fds, polled, count)) && error == AX_OK)
			error = posix_sleeper_wait(&sleeper, deadline_ns);
	}
	forget_all(polled, count);
	return !ready && error == AX_ERR_INTERRUPTED ? -AX_ERR_INTERRUPTED : ready;
}

static long poll_few(struct ax_pollfd *fds, size_t count, uint64_t deadline_ns)
{
	polled_t polled[FEW];
	return poll_once(fds, polled, count, deadline_ns);
}

static long poll_many(struct ax_pollfd *fds, size_t count, uint64_t deadline_ns)
{
	polled_t *polled = axalloc_alloc(count * sizeof *polled, 0);
	if (!polled)
		return -AX_ERR_NO_MEMORY;
	const long result = poll_once(fds, polled, count, deadline_ns);
	axalloc_free(polled);
	return result;
}

/* Who looks without waiting, again and again, leaves the processor to those who would make something ready: the scheduler may
 * not take it. */
long posix_poll(struct ax_pollfd *fds, size_t count, uint64_t deadline_ns)
{
	bool has_yielded = deadline_ns;
	if (count > posix_descriptor_limits().soft)
		return -AX_ERR_INVALID_INPUT;
	if (posix_take_in)
		posix_take_in();
	for (;;) {
		const long result = count <= FEW ? poll_few(fds, count, deadline_ns) : poll_many(fds, count, deadline_ns);
		if (!result && !has_yielded) {
			has_yielded = true;
			(void)ax_sys_sched_yield();
			continue;
		}
		if (result != -AX_ERR_INTERRUPTED || ax_posix_wait_interrupted() != AX_POSIX_NOTHING)
			return result;
	}
}

uint64_t posix_deadline_ms(int timeout_ms)
{
	if (timeout_ms <= 0)
		return timeout_ms < 0 ? UINT64_MAX : 0;
	return posix_add_saturating(axhal_now_ns(), (uint64_t)timeout_ms * NS_PER_MS);
}

bool posix_deadline_timespec(const struct ax_timespec *timeout, uint64_t *deadline_ns)
{
	uint64_t ns = 0;
	if (timeout && !posix_to_ns(timeout, &ns))
		return false;
	*deadline_ns = !timeout ? UINT64_MAX : ns ? posix_add_saturating(axhal_now_ns(), ns) : 0;
	return true;
}

/* A signal that the mask lets through ends the wait even if it came before. */
long posix_wait_masked(const uint64_t *mask, long (*wait)(void *argument, uint64_t deadline_ns), void *argument,
		       uint64_t deadline_ns)
{
	if (!mask)
		return wait(argument, deadline_ns);
	const uint64_t before = ax_posix_self.mask;
	posix_set_mask(*mask);
	long result = wait(argument, deadline_ns);
	if (result == 0 && ax_posix_is_signalled() && ax_posix_wait_interrupted() != AX_POSIX_NOTHING)
		result = -AX_ERR_INTERRUPTED;
	posix_set_mask(before);
	return result;
}

typedef struct poll_arguments {
	struct ax_pollfd *fds;
	size_t count;
} poll_arguments_t;

static long wait_for_poll(void *argument, uint64_t deadline_ns)
{
	const poll_arguments_t *poll = argument;
	return posix_poll(poll->fds, poll->count, deadline_ns);
}

long ax_sys_poll(struct ax_pollfd *fds, unsigned long count, int timeout_ms)
{
	POSIX_CALL();
	return posix_poll(fds, count, posix_deadline_ms(timeout_ms));
}

long ax_sys_ppoll(struct ax_pollfd *fds, unsigned long count, const struct ax_timespec *timeout, const uint64_t *mask, size_t mask_bytes)
{
	uint64_t deadline_ns;
	POSIX_CALL();
	if (!posix_deadline_timespec(timeout, &deadline_ns) || (mask && mask_bytes != sizeof *mask))
		return -AX_ERR_INVALID_INPUT;
	poll_arguments_t arguments = { fds, count };
	return posix_wait_masked(mask, wait_for_poll, &arguments, deadline_ns);
}
