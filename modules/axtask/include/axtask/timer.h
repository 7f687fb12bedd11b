/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers: a function to be called at a time. An ax_timer_t lies inside what owns it; all zero bytes are one that is not
 * started. The function runs in interrupt context on the CPU that started the timer: it must not sleep; it may wake
 * threads, and start and cancel timers, its own included.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <timer_list/timer_list.h>

#pragma GCC visibility push(default)

typedef struct ax_timer {
	timer_event_t event;
	void (*function)(struct ax_timer *timer);
	unsigned cpu; /* that it was started on; its timers' lock protects the rest */
	bool started;
} ax_timer_t;

/**
 * Have @p function called once axhal_now_ns() reaches @p deadline_ns; a timer that is started already is moved there.
 * Whoever starts and cancels one timer from several threads or CPUs serializes that. Any context.
 */
void ax_timer_start(ax_timer_t *timer, uint64_t deadline_ns, void (*function)(ax_timer_t *timer));

/**
 * The function will not be called any more, and does not run when this returns (unless it is the caller). Not while
 * holding a lock that the function takes. Any context.
 * @return whether it was still to be called
 */
bool ax_timer_cancel(ax_timer_t *timer);

#pragma GCC visibility pop
