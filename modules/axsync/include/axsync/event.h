/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event: set or not, and threads wait until it is set. A manual-reset event stays set, and lets everybody through, until it
 * is cleared. An auto-reset one lets one thread through for each time that it is set, and is clear again by that; set
 * while nobody waits, it keeps that for the next to come, once. Zero bytes are a manual-reset event that is clear.
 *
 * It may be destroyed by a thread that its setting has let through, if nobody else waits or will, even before the setter's
 * call has returned.
 */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

typedef struct ax_event {
	bool set;              /* under waiters.lock */
	bool auto_reset;       /* never changes */
	ax_wait_queue_t waiters;
} ax_event_t;

#define AX_EVENT_MANUAL_RESET { .auto_reset = false }
#define AX_EVENT_AUTO_RESET   { .auto_reset = true }

/** A clear event of the kind that @p auto_reset says; over whatever was there. */
void ax_event_init(ax_event_t *event, bool auto_reset);

/** Set it: manual reset wakes all who wait, auto reset the one that has waited longest. Any context. */
void ax_event_set(ax_event_t *event);

/** Who comes from here on waits. Any context. */
void ax_event_clear(ax_event_t *event);

/** Wait until it is set. Thread context. */
void ax_event_wait(ax_event_t *event);

/** By a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  it was not set by then */
ax_err_t ax_event_wait_until(ax_event_t *event, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first */
ax_err_t ax_event_wait_interruptible(ax_event_t *event, uint64_t deadline_ns);

/** Go through if it is set; an auto-reset event is clear then. Any context. */
[[nodiscard]] bool ax_event_try_wait(ax_event_t *event);

#pragma GCC visibility pop
