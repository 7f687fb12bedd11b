/* SPDX-License-Identifier: Apache-2.0 */
/* select(2) and pselect6(2): sets of bits become a list for poll, and its answer bits again. What is ready for what is as
 * POSIX.1-2017, XSH pselect(), and Linux have it: an end or an error can be read, an error can be written. */
#include "descriptor.h"
#include "poll.h"
#include "time.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum { SETS = 3, FEW = 64 };

static const int16_t s_asked[SETS] = { AX_POLLIN | AX_POLLRDNORM, AX_POLLOUT | AX_POLLWRNORM, AX_POLLPRI };
static const int16_t s_answer[SETS] = {
	AX_POLLIN | AX_POLLRDNORM | AX_POLLHUP | AX_POLLERR,
	AX_POLLOUT | AX_POLLWRNORM | AX_POLLERR,
	AX_POLLPRI,
};

typedef struct selection {
	uint64_t *sets[SETS]; /* each NULL, or bits of descriptors below `limit` */
	int limit;
} selection_t;

static bool has(const uint64_t *set, int fd)
{
	return set && set[fd / AX_FD_BITS] >> fd % AX_FD_BITS & 1;
}

static int16_t asked(const selection_t *self, int fd)
{
	int16_t events = 0;
	for (int i = 0; i < SETS; i++)
		events = (int16_t)(events | (has(self->sets[i], fd) ? s_asked[i] : 0));
	return events;
}

/* fds[] NULL: only count. */
static size_t list(const selection_t *self, struct ax_pollfd *fds)
{
	size_t count = 0;
	for (int fd = 0; fd < self->limit; fd++) {
		const int16_t events = asked(self, fd);
		if (events && fds)
			fds[count] = (struct ax_pollfd){ .fd = fd, .events = events };
		count += events != 0;
	}
	return count;
}

static long give_back(const selection_t *self, const struct ax_pollfd *fds, size_t count)
{
	long bits = 0;
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents & AX_POLLNVAL)
			return -AX_ERR_BAD_HANDLE;
	for (int set = 0; set < SETS; set++) {
		uint64_t *to = self->sets[set];
		if (!to)
			continue;
		for (size_t i = 0; i < count; i++) {
			const uint64_t bit = UINT64_C(1) << fds[i].fd % AX_FD_BITS;
			uint64_t *word = &to[fds[i].fd / AX_FD_BITS];
			if (!(*word & bit))
				continue;
			if (fds[i].revents & s_answer[set])
				bits++;
			else
				*word &= ~bit;
		}
	}
	return bits;
}

static long poll_selection(selection_t *self, struct ax_pollfd *fds, size_t count, uint64_t deadline_ns)
{
	(void)list(self, fds);
	const long result = posix_poll(fds, count, deadline_ns);
	return result < 0 ? result : give_back(self, fds, count);
}

static long wait_for_selection(void *argument, uint64_t deadline_ns)
{
	struct ax_pollfd few[FEW];
	const size_t count = list(argument, NULL);
	if (count <= FEW)
		return poll_selection(argument, few, count, deadline_ns);
	struct ax_pollfd *fds = axalloc_alloc(count * sizeof *fds, 0);
	if (!fds)
		return -AX_ERR_NO_MEMORY;
	const long result = poll_selection(argument, fds, count, deadline_ns);
	axalloc_free(fds);
	return result;
}

static long select(int limit, uint64_t *readable, uint64_t *writable, uint64_t *urgent, uint64_t deadline_ns,
		   const uint64_t *mask)
{
	if (limit < 0 || limit > AX_FD_SETSIZE)
		return -AX_ERR_INVALID_INPUT;
	selection_t self = { { readable, writable, urgent }, limit };
	return posix_wait_masked(mask, wait_for_selection, &self, deadline_ns);
}

/* Linux tells how much of the time was left; so does this. */
long ax_sys_select(int limit, uint64_t *readable, uint64_t *writable, uint64_t *urgent, struct ax_timeval *timeout)
{
	enum { US_PER_SEC = 1000000, NS_PER_US = 1000 };
	uint64_t deadline_ns;
	POSIX_CALL();
	if (timeout && (timeout->tv_usec < 0 || timeout->tv_sec < 0))
		return -AX_ERR_INVALID_INPUT;
	const struct ax_timespec span = {
		timeout ? timeout->tv_sec + timeout->tv_usec / US_PER_SEC : 0,
		timeout ? timeout->tv_usec % US_PER_SEC * NS_PER_US : 0,
	};
	if (!posix_deadline_timespec(timeout ? &span : NULL, &deadline_ns))
		return -AX_ERR_INVALID_INPUT;
	const long result = select(limit, readable, writable, urgent, deadline_ns, NULL);
	if (timeout) {
		const uint64_t now = axhal_now_ns();
		const struct ax_timespec left = posix_to_timespec(deadline_ns > now ? deadline_ns - now : 0);
		*timeout = (struct ax_timeval){ left.tv_sec, left.tv_nsec / NS_PER_US };
	}
	return result;
}

long ax_sys_pselect6(int limit, uint64_t *readable, uint64_t *writable, uint64_t *urgent, struct ax_timespec *timeout, const struct ax_sigset_argument *mask)
{
	uint64_t deadline_ns;
	POSIX_CALL();
	if (!posix_deadline_timespec(timeout, &deadline_ns) ||
	    (mask && mask->mask && mask->mask_bytes != sizeof *mask->mask))
		return -AX_ERR_INVALID_INPUT;
	return select(limit, readable, writable, urgent, deadline_ns, mask ? mask->mask : NULL);
}
