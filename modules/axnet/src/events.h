/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a socket is ready for, and who waits for that. The queue's lock protects `ready`, the watch, and what the socket puts
 * under it; `ready` may be looked at without it. Locks: the protocols' (core.h), then this one.
 */
#pragma once

#include <axnet/axnet.h>
#include <axtask/wait_queue.h>
#include <stdatomic.h>

typedef struct axnet_events {
	ax_wait_queue_t queue;
	atomic_uint ready;      /* AX_NET_READABLE ... */
	ax_net_watch_t *watch;
	void *context;
} axnet_events_t;

static inline unsigned axnet_events_ready(const axnet_events_t *events)
{
	return atomic_load_explicit(&events->ready, memory_order_acquire);
}

/** Lock held, and let go: now it is ready for @p on too, and for @p off no more. Who waits or watches learns of it. */
void axnet_events_change_and_unlock(axnet_events_t *events, irq_state_t state, unsigned on, unsigned off);

/** The same for who has nothing else under the lock. */
void axnet_events_change(axnet_events_t *events, unsigned on, unsigned off);

/** Who waits looks again, for something that readiness does not tell of. */
void axnet_events_wake(axnet_events_t *events);

/** Wait until it is ready for any of @p wanted. Errors: axnet.h. No lock held. */
ax_err_t axnet_events_wait(axnet_events_t *events, unsigned wanted, uint64_t deadline_ns);

void axnet_events_watch(axnet_events_t *events, ax_net_watch_t *watch, void *context);
