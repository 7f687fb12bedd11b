/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readiness: how who waits for an object learns that it may be read or written. An object that may not be ready has a
 * posix_readiness_t; who waits hangs a watch on it, whose function is called when something changes. Nobody is asked
 * in turn: poll(), epoll and a blocking read() all are watches.
 *
 * So that nothing is lost between a look and the sleep:
 *	the watcher	posix_watch_add(), then looks at the state (posix_file_ops_t.events), sleeps if it is not what it wants
 *	the object	changes its state, lets go of its lock, then posix_readiness_notify()
 * events() looks with the lock held under which the state changes.
 */
#pragma once

#include <spinlock/spinlock.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct posix_watch posix_watch_t;

/** Lies in who watches. */
struct posix_watch {
	posix_watch_t *next, **link;  /* of one object's; link is NULL when it hangs nowhere */
	/* Something changed: @p events (AX_POLLIN ...) are likely to be there now. Any context, interrupts masked, the
	 * object's list locked: it must not sleep, nor add or remove watches of this object. */
	void (*notify)(posix_watch_t *watch, unsigned events);
	bool exclusive;               /* of these only one is told, EPOLLEXCLUSIVE */
};

/** Lies in the object; zero bytes are one that nobody watches. */
typedef struct posix_readiness {
	irq_spinlock_t lock; /* protects the list; held while watches are told, so before the locks of wait queues */
	posix_watch_t *first;
} posix_readiness_t;

/** Thread context. */
void posix_watch_add(posix_readiness_t *readiness, posix_watch_t *watch);

/** It is not called any more, and does not run. A watch that hangs nowhere stays so. Thread context. */
void posix_watch_remove(posix_readiness_t *readiness, posix_watch_t *watch);

/** Tell who watches. Any context; the object's own lock is not held. */
void posix_readiness_notify(posix_readiness_t *readiness, unsigned events);
