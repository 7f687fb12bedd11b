/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread "net". Threads that wait for a socket look at the interface themselves before they sleep, so this one has to
 * do what nobody else does: timers, and arrivals while all sleep. When it has found nothing it lets others run and looks
 * again: an interrupt and the halt before it would cost more than an answer takes. With feature `adaptive` it sleeps, with the
 * interface armed to raise an interrupt, when nothing has arrived for BUSY_NS; with `interrupts` each time.
 */
#include "core.h"

#include <axhal/time.h>
#include <axlog/axlog.h>
#include <axnet/features.h>
#include <axtask/axtask.h>
#include <axtask/wait_queue.h>
#include <panic/panic.h>

enum { BUSY_NS = 1000000 }; /* longer than the round trip of a quick peer, shorter than anybody would call busy */

static ax_wait_queue_t s_sleep; /* protects s_awake */
static bool s_awake;            /* somebody wants it to look */
static bool s_has_interface;    /* else all that comes is what the machine sends itself, and whoever sends it wakes */

void axnet_worker_wake(void)
{
	irq_state_t state = ax_wait_queue_lock(&s_sleep);
	s_awake = true;
	ax_wait_queue_unlock_and_wake(&s_sleep, state, ax_wait_queue_take_all(&s_sleep));
}

static void sleep(uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&s_sleep);
	while (!s_awake && !error)
		error = ax_wait_queue_sleep(&s_sleep, deadline_ns);
	s_awake = false;
	ax_wait_queue_unlock(&s_sleep, state);
}

/* Whether it is better to go on looking than to sleep. */
static bool is_busy(void)
{
	if (AXNET_FEATURE_POLLED && s_has_interface)
		return true;
	return !AXNET_FEATURE_INTERRUPTS && axhal_now_ns() - axnet_last_arrival_ns() < BUSY_NS;
}

/* Arm, then look once more: what came before the arming raises no interrupt. Armed again at the end it says whether something came
 * while the first arming was not visible to the device yet: see virtio_ring_publish(). */
static void rest(void)
{
	if (is_busy()) {
		axtask_yield();
		return;
	}
	axnet_lock();
	bool arrived = axnet_stack_arm(true);
	arrived |= axnet_stack_poll(1) != 0;
	uint64_t deadline_ns = axnet_stack_deadline_ns();
	arrived |= axnet_stack_arm(true);
	axnet_unlock();
	if (!arrived)
		sleep(deadline_ns);
}

static void *work([[maybe_unused]] void *argument)
{
	for (;;) {
		if (axnet_poll())
			axtask_yield();
		else
			rest();
	}
	return NULL;
}

void axnet_worker_start(bool has_interface)
{
	s_has_interface = has_interface;
	const ax_thread_attr_t attr = { .name = "net", .detached = true };
	if (axtask_spawn(&attr, work, NULL, NULL))
		PANIC("no memory for the thread that serves the network");
}
