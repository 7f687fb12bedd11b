/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: deadlines of sleeping threads, and the tick of preemptive policies. The one-shot timer is armed for what
 * comes first, and not at all while nothing waits for it; a tick runs only while a thread waits for the CPU.
 */
#include "preempt.h"
#include "thread.h"

#include <axconfig/axconfig.h>
#include <axhal/irq.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

#define TICK_NS (AX_NS_PER_SEC / AX_CONFIG_TICKS_PER_SEC)

static timer_list_t s_timers;              /* this and what follows: interrupts masked */
static uint64_t s_armed_ns = UINT64_MAX;   /* the deadline that the timer is set to */
static uint64_t s_tick_ns = UINT64_MAX;    /* when the next tick is due */

static void arm(void)
{
	uint64_t deadline = AX_MIN(timer_list_next_deadline(&s_timers), s_tick_ns);
	if (deadline == s_armed_ns)
		return;
	s_armed_ns = deadline;
	axhal_timer_set(deadline);
}

#if AXTASK_FEATURE_PREEMPT
/* Called when a thread starts to wait for the CPU. */
void axtask_timer_need_tick(void)
{
	if (s_tick_ns != UINT64_MAX)
		return;
	s_tick_ns = axhal_now_ns() + TICK_NS;
	arm();
}

static void tick(uint64_t now)
{
	if (now < s_tick_ns)
		return;
	if (axtask_tick(now))
		percpu_set(kernel_guard_need_resched, true);
	s_tick_ns = axtask_has_runnable() ? now + TICK_NS : UINT64_MAX;
}
#else
static void tick([[maybe_unused]] uint64_t now)
{
}
#endif

static void on_expiry(timer_event_t *event, [[maybe_unused]] uint64_t now_ns)
{
	axtask_wait_timed_out(container_of(event, ax_thread_t, timer));
}

static void on_timer([[maybe_unused]] void *argument)
{
	uint64_t now = axhal_now_ns();
	s_armed_ns = UINT64_MAX;
	timer_list_expire(&s_timers, now);
	tick(now);
	arm();
}

void axtask_timer_init(void)
{
	timer_list_init(&s_timers);
	if (axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) != AX_OK)
		PANIC("the timer interrupt is taken");
}

void axtask_timer_start(ax_thread_t *thread, uint64_t deadline_ns)
{
	thread->timer.deadline_ns = deadline_ns;
	thread->timer.function = on_expiry;
	timer_list_add(&s_timers, &thread->timer);
	arm();
}

/* A timer that fired is out of the list already. The device may stay armed: an early interrupt finds nothing due. */
void axtask_timer_cancel(ax_thread_t *thread)
{
	timer_list_cancel(&s_timers, &thread->timer);
}

void axtask_sleep_until(uint64_t deadline_ns)
{
	ax_thread_t *self = axtask_current();
	irq_state_t state = irq_save();
	self->state = AXTASK_WAITING;
	axtask_timer_start(self, deadline_ns);
	axtask_switch_away();
	irq_restore(state);
}

void axtask_sleep(uint64_t ns)
{
	uint64_t now = axhal_now_ns();
	axtask_sleep_until(ns < UINT64_MAX - now ? now + ns : UINT64_MAX - 1);
}
