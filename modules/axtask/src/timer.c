/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: each CPU's timers, and the tick of preemptive policies. The CPU's one-shot timer is armed for what comes first,
 * and not at all while nothing waits for it; a tick runs only while a thread waits for the CPU.
 */
#include "claim.h"
#include "cpu.h"
#include "preempt.h"

#include <axconfig/axconfig.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <axhal/time.h>
#include <panic/panic.h>

#define TICK_NS (AX_NS_PER_SEC / AX_CONFIG_TICKS_PER_SEC)

static PERCPU_DEFINE(axtask_timers_t, s_timers) = {};

/* Timers locked, this CPU's. A device that is armed for earlier stays so, and is armed anew when it finds nothing due: who waits
 * with a deadline is mostly woken before, and to arm a device costs more than the wait. */
static void arm(axtask_timers_t *timers)
{
	uint64_t deadline = AX_MIN(timer_list_next_deadline(&timers->list), timers->tick_ns);
	if (deadline >= timers->armed_ns)
		return;
	timers->armed_ns = deadline;
	axhal_timer_set(deadline);
}

#if AXTASK_FEATURE_PREEMPT
/* Called when a thread starts to wait for the CPU. */
void axtask_timer_need_tick(void)
{
	axtask_timers_t *timers = percpu_ptr(s_timers);
	if (timers->tick_ns != UINT64_MAX) /* written on this CPU only */
		return;
	SPIN_GUARD_RAW(&timers->lock);
	timers->tick_ns = axhal_now_ns() + TICK_NS;
	arm(timers);
}

static void tick(axtask_timers_t *timers, uint64_t now)
{
	if (now < timers->tick_ns)
		return;
	if (axtask_tick())
		axtask_request_resched();
	axtask_smp_balance();
	timers->tick_ns = axtask_has_runnable() ? now + TICK_NS : UINT64_MAX;
}
#else
static void tick([[maybe_unused]] axtask_timers_t *timers, [[maybe_unused]] uint64_t now)
{
}
#endif

/* A timer's function may start timers, and wakes threads: the lock is let go for it. */
static void expire(axtask_timers_t *timers, uint64_t now)
{
	timer_event_t *event;
	while ((event = timer_list_pop_expired(&timers->list, now))) {
		ax_timer_t *timer = container_of(event, ax_timer_t, event);
		timer->started = false;
		timers->firing = event;
		spin_raw_unlock(&timers->lock);
		timer->function(timer);
		__atomic_store_n(&timers->firing, NULL, __ATOMIC_RELEASE);
		spin_raw_lock(&timers->lock);
	}
}

static void on_timer([[maybe_unused]] void *argument)
{
	axtask_timers_t *timers = percpu_ptr(s_timers);
	uint64_t now = axhal_now_ns();
	{
		SPIN_GUARD_RAW(&timers->lock);
		timers->armed_ns = UINT64_MAX;
		expire(timers, now);
	}
	tick(timers, now);
	SPIN_GUARD_RAW(&timers->lock);
	arm(timers);
}

void axtask_timer_init_cpu(void)
{
	axtask_timers_t *timers = percpu_ptr(s_timers);
	timer_list_init(&timers->list);
	timers->armed_ns = timers->tick_ns = UINT64_MAX;
}

void axtask_timer_init(void)
{
	axtask_timer_init_cpu();
	if (axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) != AX_OK)
		PANIC("the timer interrupt is taken");
}

/* Out of its list. It may be firing all the same. */
static bool take_out(ax_timer_t *timer)
{
	axtask_timers_t *timers = percpu_ptr_of(s_timers, timer->cpu);
	SPIN_GUARD_RAW(&timers->lock);
	bool was_started = timer->started;
	if (was_started)
		timer_list_cancel(&timers->list, &timer->event);
	timer->started = false;
	return was_started;
}

void ax_timer_start(ax_timer_t *timer, uint64_t deadline_ns, void (*function)(ax_timer_t *timer))
{
	IRQ_PREEMPT_GUARD();
	if (timer->started)
		take_out(timer);
	axtask_timers_t *timers = percpu_ptr(s_timers);
	timer->cpu = axhal_cpu_id();
	timer->function = function;
	timer->event.deadline_ns = deadline_ns;
	SPIN_GUARD_RAW(&timers->lock);
	timer->started = true;
	timer_list_add(&timers->list, &timer->event);
	arm(timers);
}

/* The device may stay armed: an early interrupt finds nothing due. */
bool ax_timer_cancel(ax_timer_t *timer)
{
	IRQ_PREEMPT_GUARD();
	bool was_started = take_out(timer);
	if (was_started || timer->cpu == axhal_cpu_id()) /* what fires on this CPU has ended, or is the caller */
		return was_started;
	while (__atomic_load_n(&percpu_ptr_of(s_timers, timer->cpu)->firing, __ATOMIC_ACQUIRE) == &timer->event)
		axhal_cpu_relax();
	return false;
}

static void on_deadline(ax_timer_t *timer)
{
	ax_thread_t *thread = container_of(timer, ax_thread_t, timer);
	if (!axtask_claim(thread))
		return; /* a waker was quicker */
	thread->wait_result = AX_ERR_TIMED_OUT;
	axtask_leave_wait_queue(thread);
	axtask_make_runnable(thread);
}

void axtask_deadline_start(ax_thread_t *thread, uint64_t deadline_ns)
{
	ax_timer_start(&thread->timer, deadline_ns, on_deadline);
}

static ax_err_t sleep_until(uint64_t deadline_ns, axtask_state_t state)
{
	ax_thread_t *self = axtask_current();
	IRQ_PREEMPT_GUARD();
	self->wait_result = AX_OK;
	axtask_set_waiting(self, state);
	if (state == AXTASK_INTERRUPTIBLE && axtask_has_notice() && axtask_claim_from(self, AXTASK_INTERRUPTIBLE))
		return AX_ERR_INTERRUPTED;
	axtask_deadline_start(self, deadline_ns);
	axtask_switch_away();
	ax_timer_cancel(&self->timer);
	return self->wait_result == AX_ERR_INTERRUPTED ? AX_ERR_INTERRUPTED : AX_OK;
}

void axtask_sleep_until(uint64_t deadline_ns)
{
	ax_err_t never = sleep_until(deadline_ns, AXTASK_WAITING);
	(void)never; /* only a notice fails, and it does not end this wait */
}

ax_err_t axtask_sleep_until_interruptible(uint64_t deadline_ns)
{
	return sleep_until(deadline_ns, AXTASK_INTERRUPTIBLE);
}

void axtask_sleep(uint64_t ns)
{
	uint64_t now = axhal_now_ns();
	axtask_sleep_until(ns < UINT64_MAX - now ? now + ns : UINT64_MAX - 1);
}
