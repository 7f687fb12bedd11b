/* SPDX-License-Identifier: Apache-2.0 */
#include <axdriver/event.h>
#include <axhal/cpu.h>
#include <axhal/time.h>

#if AXDRIVER_FEATURE_INTERRUPTS
#include <axhal/irq.h>
#include <kernel_guard/kernel_guard.h>
#endif

/* Without threads: the longest halt before another look. */
#define SLICE_NS UINT64_C(1000000)

#if AXDRIVER_FEATURE_MULTITASK
/* Until woken or the deadline. @return whether it is true */
static bool sleep_until(axdriver_event_t *event, bool (*is_true)(const void *argument), const void *argument,
			uint64_t deadline_ns)
{
	irq_state_t state = ax_wait_queue_lock(&event->queue);
	bool result;
	ax_err_t error = AX_OK;
	while (!(result = is_true(argument)) && error == AX_OK)
		error = ax_wait_queue_sleep(&event->queue, deadline_ns);
	ax_wait_queue_unlock(&event->queue, state);
	return result;
}

void axdriver_event_wake(axdriver_event_t *event)
{
	irq_state_t state = ax_wait_queue_lock(&event->queue);
	ax_wait_queue_unlock_and_wake(&event->queue, state, ax_wait_queue_take_all(&event->queue));
}
#else
void axdriver_event_wake([[maybe_unused]] axdriver_event_t *event)
{
}
#endif

bool axdriver_event_wait([[maybe_unused]] axdriver_event_t *event, bool (*is_true)(const void *argument),
			 const void *argument, [[maybe_unused]] void (*poll)(void *device), [[maybe_unused]] void *device)
{
	if (is_true(argument))
		return true;
	const uint64_t deadline_ns = axhal_now_ns() + AXDRIVER_PATIENCE_NS;
#if AXDRIVER_FEATURE_INTERRUPTS && AXDRIVER_FEATURE_MULTITASK
	return sleep_until(event, is_true, argument, deadline_ns);
#else
	while (!is_true(argument)) {
		if (axhal_now_ns() >= deadline_ns)
			return false;
#if AXDRIVER_FEATURE_INTERRUPTS
		/* The timer ends the wait where the device's interrupt goes to another CPU, or does not come. */
		irq_disable();
		axhal_timer_set(axhal_now_ns() + SLICE_NS);
		if (is_true(argument))
			irq_enable();
		else
			axhal_wait_for_irq();
#else
		poll(device);
#if AXDRIVER_FEATURE_MULTITASK
		axtask_yield();
#else
		axhal_cpu_relax();
#endif
#endif
	}
	return true;
#endif
}
