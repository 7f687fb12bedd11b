/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of a process: a host signal interrupts whatever runs, on its own stack, and kernel_guard's masking in
 * software decides whether it is handled now or at the unmasking. A reschedule that a handler asks for happens inside
 * the signal handler: the thread that is left keeps the signal's frame, FP state included, on its stack and goes
 * back through it when it runs again. SA_NODEFER keeps the signal deliverable to whoever runs meanwhile.
 * The one source is this CPU's timer, a host timer that signals this host thread, made when first set.
 */
#include <axhal/irq.h>
#include <axhal/time.h>
#include <handler_table/handler_table.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "linux.h"

/* Numbers from the timer's on. Registering: interrupts masked. */
HANDLER_TABLE_DEFINE(s_handlers, 1);

static bool s_timer_exists;
static int s_timer;
static volatile bool s_timer_fired;

ax_err_t axhal_irq_register(unsigned irq, axhal_irq_handler_t *handler, void *argument)
{
	IRQ_GUARD();
	return handler_table_register(&s_handlers, irq - AXHAL_IRQ_TIMER, handler, argument);
}

/* Preemption is disabled until interrupts are unmasked again: its enabling then reschedules if that is due. */
void kernel_guard_irq_deliver(void)
{
	if (!kernel_guard_irq_arrive())
		return;
	preempt_disable();
	do {
		if (s_timer_fired) {
			s_timer_fired = false;
			handler_table_call(&s_handlers, 0);
		}
	} while (kernel_guard_irq_leave());
	preempt_enable();
}

static void on_timer(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	(void)signo;
	(void)info;
	s_timer_fired = true;
	axhal_linux_skip_syscall(&context->registers);
	kernel_guard_irq_deliver();
}

static void create_timer(void)
{
	struct linux_sigevent event = {
		.signo = LINUX_SIGALRM,
		.notify = LINUX_SIGEV_THREAD_ID,
		.thread_id = (int)axhal_linux_gettid(),
	};
	axhal_linux_handle_signal(LINUX_SIGALRM, on_timer, LINUX_SA_NODEFER | LINUX_SA_RESTART, 0);
	long error = axhal_linux_timer_create(LINUX_CLOCK_MONOTONIC, &event, &s_timer);
	if (error)
		PANIC("the host grants no timer (error %ld)", -error);
	s_timer_exists = true;
}

void axhal_timer_set(uint64_t deadline_ns)
{
	struct linux_itimerspec when = {};
	if (deadline_ns != UINT64_MAX) {
		uint64_t host_ns;
		if (__builtin_add_overflow(deadline_ns, axhal_linux_boot_ns, &host_ns))
			host_ns = UINT64_MAX;
		when.value.sec = (int64_t)(host_ns / AX_NS_PER_SEC);
		when.value.nsec = (int64_t)(host_ns % AX_NS_PER_SEC);
	} else if (!s_timer_exists) {
		return;
	}
	if (!s_timer_exists)
		create_timer();
	axhal_linux_timer_settime(s_timer, LINUX_TIMER_ABSTIME, &when);
}

void axhal_wait_for_irq(void)
{
	struct linux_pollfd input = { .fd = 0, .events = LINUX_POLLIN };
	if (axhal_linux_ppoll_unless(percpu_ptr(kernel_guard_irq_pending), &input, axhal_linux_console_wanted) > 0)
		axhal_linux_console_arrived();
	irq_enable();
}
