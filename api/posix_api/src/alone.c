/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls about threads in an image that has one: nothing to lock, nobody to wake or to yield to. Who waits halts the
 * processor, and looks again after each interrupt; interrupts are unmasked at no other time.
 */
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/console.h>
#include <axhal/irq.h>
#include <axhal/power.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <posix_api/syscalls.h>

void posix_input_lock(void)
{
}

void posix_input_unlock(void)
{
}

long posix_read_input(void *buffer, size_t length)
{
	long count;
	IRQ_GUARD();
	while (!(count = axhal_console_read(buffer, length))) {
		axhal_wait_for_irq();
		irq_disable();
	}
	return count;
}

void posix_sleep_until(uint64_t deadline_ns)
{
	IRQ_GUARD();
	while (axhal_now_ns() < deadline_ns) {
		axhal_timer_set(deadline_ns); /* again if it came early, or input came instead */
		axhal_wait_for_irq();
		irq_disable();
	}
}

long ax_sys_exit(int status)
{
	axhal_exit(status & 0xff);
}

long ax_sys_gettid(void)
{
	return 1;
}

long ax_sys_set_tid_address([[maybe_unused]] int *address)
{
	return 1;
}

long ax_sys_sched_yield(void)
{
	return 0;
}

/* A wait that could only end by another thread's doing would last for ever: refuse it. */
long ax_sys_futex(uint32_t *word, int operation, uint32_t value, const struct ax_timespec *timeout,
		  [[maybe_unused]] uint32_t *word2, [[maybe_unused]] uint32_t value3)
{
	switch (operation & ~(AX_FUTEX_PRIVATE_FLAG | AX_FUTEX_CLOCK_REALTIME)) {
	case AX_FUTEX_WAKE:
	case AX_FUTEX_REQUEUE:
		return 0;
	case AX_FUTEX_WAIT:
		if (*(volatile uint32_t *)word != value)
			return -AX_ERR_WOULD_BLOCK;
		if (!timeout)
			return -AX_ERR_DEADLOCK;
		posix_sleep_until(axhal_now_ns() + (uint64_t)timeout->tv_sec * AX_NS_PER_SEC +
				  (uint64_t)timeout->tv_nsec);
		return -AX_ERR_TIMED_OUT;
	default:
		return -AX_ERR_NOT_IMPLEMENTED;
	}
}
