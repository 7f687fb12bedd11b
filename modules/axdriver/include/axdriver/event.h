/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a driver waits on for its device: by sleeping with feature `multitask`, else by halting the processor; with
 * the choice `polled` by asking the device again and again. All zero bytes are an event.
 */
#pragma once

#include <axdriver/features.h>
#include <stdbool.h>
#include <stdint.h>

#if AXDRIVER_FEATURE_MULTITASK
#include <axtask/wait_queue.h>
#endif

#pragma GCC visibility push(default)

typedef struct axdriver_event {
#if AXDRIVER_FEATURE_MULTITASK
	ax_wait_queue_t queue; /* innermost but for the run queue's: is_true() of a wait is called with it held */
#endif
} axdriver_event_t;

/** The longest that a device may take for anything, in ns: a disk that spins up, a host that is suspended. */
#define AXDRIVER_PATIENCE_NS UINT64_C(30000000000)

/**
 * Return when is_true(argument). It turns true in an interrupt's handler, or another thread, that then calls
 * axdriver_event_wake(); or, if polled, in poll(device).
 * @return false: it has not within AXDRIVER_PATIENCE_NS. Threads only
 */
bool axdriver_event_wait(axdriver_event_t *event, bool (*is_true)(const void *argument), const void *argument,
			 void (*poll)(void *device), void *device);

/** Something has become true. Any context. */
void axdriver_event_wake(axdriver_event_t *event);

#pragma GCC visibility pop
