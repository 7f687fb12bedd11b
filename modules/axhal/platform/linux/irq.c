/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of a process: a host signal interrupts whatever runs, on its own stack, and kernel_guard's masking in
 * software decides whether it is handled now or at the unmasking. A reschedule that a handler asks for happens inside
 * the signal handler: the thread that is left keeps the signal's frame, FP state included, on its stack and goes
 * back through it when it runs again, perhaps on another CPU. The signals of interrupts are held back meanwhile: with
 * SA_NODEFER the host may lay one frame upon another before the handler's first instruction, and a storm fill the stack.
 * Only who leaves the frame for another thread lets them through first. Interrupts stay masked until the frame is left
 * (irq_entry.S of the architecture), for the same reason. SIGALRM is this CPU's timer's, a host timer made when first set,
 * and other CPUs'; SIGIO comes of the host's files, if asked for (host.c).
 */
#include <axhal/irq.h>
#include <axhal/time.h>
#include <panic/panic.h>
#include "irq_exit.h"
#include "pending.h"

/* Numbers from the timer's on. Registering: interrupts masked. */
HANDLER_TABLE_DEFINE(s_handlers, HANDLERS);

atomic_bool axhal_linux_host_fired;
static PERCPU_DEFINE(bool, s_timer_exists) = false;
static PERCPU_DEFINE(int, s_timer) = 0;

ax_err_t axhal_irq_register(unsigned irq, axhal_irq_handler_t *handler, void *argument)
{
	IRQ_GUARD();
	return handler_table_register(&s_handlers, irq - AXHAL_IRQ_TIMER, handler, argument);
}

static const uint64_t s_interrupts = UINT64_C(1) << (LINUX_SIGALRM - 1) | UINT64_C(1) << (LINUX_SIGIO - 1);

/* Interrupts masked, as on return. */
static void handle(void)
{
	preempt_disable();
	axhal_linux_handle_pending(&s_handlers);
	preempt_enable_no_resched();
}

/* In a signal's frame: whoever runs next must be reached by signals. One that comes now finds interrupts masked. */
static void leave_frame_for_others(void)
{
	if (unlikely(preempt_resched_is_due())) {
		axhal_linux_sigprocmask(LINUX_SIG_UNBLOCK, &s_interrupts);
		irq_exit_resched();
	}
}

void kernel_guard_irq_deliver(void)
{
	if (!kernel_guard_irq_arrive())
		return;
	do {
		handle();
		irq_exit_resched();
	} while (kernel_guard_irq_leave());
}

/* A signal on the way out of an earlier one's frame leaves it to that, which begins again. */
bool axhal_linux_interrupt(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	(void)signo;
	axhal_linux_note_signal(info, &context->registers);
	if (axhal_linux_restart_leave(&context->registers)) {
		percpu_set(kernel_guard_irq_masked, true);
		percpu_set(kernel_guard_irq_pending, true);
		return false;
	}
	if (!kernel_guard_irq_arrive())
		return false;
	handle();
	leave_frame_for_others();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	return true;
}

void axhal_linux_interrupt_again(void)
{
	kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	percpu_set(kernel_guard_irq_pending, false);
	ax_compiler_barrier();
	handle();
	leave_frame_for_others();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
}

void axhal_linux_irq_init(void)
{
	axhal_linux_handle_signal(LINUX_SIGALRM, axhal_linux_interrupt_entry, LINUX_SA_RESTART, s_interrupts);
}

void axhal_linux_host_irq_init(void)
{
	axhal_linux_handle_signal(LINUX_SIGIO, axhal_linux_interrupt_entry, LINUX_SA_RESTART, s_interrupts);
}

static void create_timer(void)
{
	struct linux_sigevent event = {
		.signo = LINUX_SIGALRM,
		.notify = LINUX_SIGEV_THREAD_ID,
		.thread_id = (int)axhal_linux_gettid(),
	};
	axhal_linux_irq_init();
	long error = axhal_linux_timer_create(LINUX_CLOCK_MONOTONIC, &event, percpu_ptr(s_timer));
	if (error)
		PANIC("the host grants no timer (error %ld)", -error);
	percpu_set(s_timer_exists, true);
}

void axhal_timer_set(uint64_t deadline_ns)
{
	struct linux_itimerspec when = {};
	if (!axhal_linux_note_deadline(deadline_ns))
		return;
	if (deadline_ns != UINT64_MAX) {
		uint64_t host_ns;
		if (__builtin_add_overflow(deadline_ns, axhal_linux_boot_ns, &host_ns))
			host_ns = UINT64_MAX;
		when.value.sec = (int64_t)(host_ns / AX_NS_PER_SEC);
		when.value.nsec = (int64_t)(host_ns % AX_NS_PER_SEC);
	} else if (!percpu_get(s_timer_exists)) {
		return;
	}
	if (!percpu_get(s_timer_exists))
		create_timer();
	axhal_linux_timer_settime(percpu_get(s_timer), LINUX_TIMER_ABSTIME, &when);
}

void axhal_wait_for_irq(void)
{
	kernel_guard_timing_pause();
	axhal_linux_idle();
	irq_enable();
	kernel_guard_timing_continue();
}
