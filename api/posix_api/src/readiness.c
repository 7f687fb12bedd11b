/* SPDX-License-Identifier: Apache-2.0 */
/* Watches, and the wait of one thread for one object that all blocking calls on descriptors are made of. */
#include "readiness.h"

#include "descriptor.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <base/base.h>

void posix_watch_add(posix_readiness_t *readiness, posix_watch_t *watch)
{
	SPIN_GUARD_IRQ(&readiness->lock);
	watch->next = readiness->first;
	watch->link = &readiness->first;
	if (watch->next)
		watch->next->link = &watch->next;
	readiness->first = watch;
}

void posix_watch_remove(posix_readiness_t *readiness, posix_watch_t *watch)
{
	SPIN_GUARD_IRQ(&readiness->lock);
	if (!watch->link)
		return;
	*watch->link = watch->next;
	if (watch->next)
		watch->next->link = watch->link;
	watch->link = NULL;
}

/* Who adds a watch after this look at the list sees the new state: both happen under the object's lock. */
void posix_readiness_notify(posix_readiness_t *readiness, unsigned events)
{
	if (!__atomic_load_n(&readiness->first, __ATOMIC_RELAXED))
		return;
	bool told_one = false;
	SPIN_GUARD_IRQ(&readiness->lock);
	for (posix_watch_t *watch = readiness->first; watch; watch = watch->next) {
		if (watch->exclusive && told_one)
			continue;
		told_one |= watch->exclusive;
		watch->notify(watch, events);
	}
}

typedef struct waiter {
	posix_watch_t watch;
	posix_sleeper_t sleeper;
} waiter_t;

static void wake_waiter(posix_watch_t *watch, [[maybe_unused]] unsigned events)
{
	posix_sleeper_wake(&container_of(watch, waiter_t, watch)->sleeper);
}

ax_err_t posix_file_wait_once(posix_file_t *file, unsigned events, uint64_t deadline_ns)
{
	waiter_t self = { .watch.notify = wake_waiter };
	ax_err_t error = AX_OK;
	posix_watch_add(file->readiness, &self.watch);
	while (error == AX_OK && !(file->ops->events(file) & (events | AX_POLLERR | AX_POLLHUP)))
		error = posix_sleeper_wait(&self.sleeper, deadline_ns);
	posix_watch_remove(file->readiness, &self.watch);
	return error;
}

/* The watch lies on the stack, so it is gone before handlers run, which may not return. */
long posix_file_wait(posix_file_t *file, unsigned events, uint64_t deadline_ns)
{
	for (;;) {
		const ax_err_t error = posix_file_wait_once(file, events, deadline_ns);
		if (error != AX_ERR_INTERRUPTED)
			return error == AX_ERR_TIMED_OUT ? -AX_ERR_WOULD_BLOCK : 0;
		if (ax_posix_wait_interrupted() == AX_POSIX_EINTR)
			return -AX_ERR_INTERRUPTED;
	}
}
