/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between irq.c and what interrupts there are: of one CPU its timer's and the host's (this file), of several those of
 * other CPUs too (pending.c). A signal's handler notes what the signal means; the delivery handles what is noted.
 */
#pragma once

#include <axhal/features.h>
#include <handler_table/handler_table.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>
#include "linux.h"

enum { HANDLER_TIMER, HANDLER_WAKE, HANDLER_HOST, HANDLERS };

static inline bool axhal_linux_input_is_wanted(void)
{
	return atomic_load_explicit(&axhal_linux_console_wanted, memory_order_relaxed);
}

/** The host's interrupt has come, to whichever CPU: it is handled by the next delivery. */
extern atomic_bool axhal_linux_host_fired;

static inline void axhal_linux_handle_host(const handler_table_t *handlers)
{
	if (atomic_load_explicit(&axhal_linux_host_fired, memory_order_relaxed) && atomic_exchange(&axhal_linux_host_fired, false))
		handler_table_call(handlers, HANDLER_HOST);
}

/** Wait in the host for a signal and, if @p input, for a byte. Interrupts masked. */
static inline void axhal_linux_poll(bool input)
{
	struct linux_pollfd fd = { .fd = 0, .events = LINUX_POLLIN };
	if (axhal_linux_ppoll_unless(percpu_ptr(kernel_guard_irq_pending), &fd, input) > 0)
		axhal_linux_console_arrived();
}

#if AXHAL_FEATURE_SMP

/** Of the signals SIGALRM and SIGIO, in their handler. */
void axhal_linux_note_signal(const struct linux_siginfo *info, struct linux_registers *registers);

/** This CPU's timer is about to be set. @return whether the host's timer must be for that. Interrupts masked. */
bool axhal_linux_note_deadline(uint64_t deadline_ns);

/** Interrupts masked. */
void axhal_linux_handle_pending(const handler_table_t *handlers);

/** Wait for something to handle: it is handled when interrupts are unmasked. Interrupts masked. */
void axhal_linux_idle(void);

#else

static bool s_timer_fired; /* irq.c alone includes this file then */

static inline void axhal_linux_note_signal(const struct linux_siginfo *info, struct linux_registers *registers)
{
	if (info->signo == LINUX_SIGIO)
		atomic_store_explicit(&axhal_linux_host_fired, true, memory_order_relaxed);
	else
		s_timer_fired = true;
	axhal_linux_skip_syscall(registers);
}

static inline bool axhal_linux_note_deadline(uint64_t deadline_ns)
{
	(void)deadline_ns;
	return true;
}

static inline void axhal_linux_handle_pending(const handler_table_t *handlers)
{
	if (s_timer_fired) {
		s_timer_fired = false;
		handler_table_call(handlers, HANDLER_TIMER);
	}
	axhal_linux_handle_host(handlers);
}

static inline void axhal_linux_idle(void)
{
	axhal_linux_poll(axhal_linux_input_is_wanted());
}

#endif
