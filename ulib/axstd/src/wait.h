/* SPDX-License-Identifier: Apache-2.0 */
/*
 * axhal_console_read() that waits, in the three shapes of an image: with threads the reader sleeps; with interrupts
 * it halts the processor; without either, which is the smallest, it looks again and again.
 */
#pragma once

#include <axhal/console.h>
#include <axstd/features.h>

#if AXSTD_FEATURE_MULTITASK
#include <axtask/axtask.h>

static inline long axstd_read_input(char *buffer, size_t capacity)
{
	enum { POLL_NS = 1000000 };
	long got;
	while (!(got = axhal_console_read(buffer, capacity)))
		axtask_sleep(POLL_NS);
	return got;
}
#elif AXSTD_FEATURE_IRQ
#include <axhal/irq.h>
#include <kernel_guard/kernel_guard.h>

static inline long axstd_read_input(char *buffer, size_t capacity)
{
	long got;
	IRQ_GUARD();
	while (!(got = axhal_console_read(buffer, capacity))) {
		axhal_wait_for_irq();
		irq_disable();
	}
	return got;
}
#else
#include <axhal/cpu.h>

static inline long axstd_read_input(char *buffer, size_t capacity)
{
	long got;
	while (!(got = axhal_console_read(buffer, capacity)))
		axhal_cpu_relax();
	return got;
}
#endif
