/* SPDX-License-Identifier: Apache-2.0 */
/* The console of a bare machine is a serial port, which the machine has: see serial_console.h. */
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/spinlock.h>
#include "serial_console.h"
#include "stop.h"

/* With several CPUs: the port, and s_early. Interrupts masked. On one CPU bytes of two callers mix, but none is lost. */
static raw_spinlock_t s_lock = RAW_SPINLOCK_INIT;

#define LOCKED_BYTES 256u /* are written before others get their turn */

static int s_early = -1; /* a byte typed before the machine was up */

static irq_state_t take_port(void)
{
	irq_state_t state = irq_save();
	while (!spin_raw_try_lock(&s_lock) && !axhal_is_last_cpu())
		axhal_cpu_relax();
	return state;
}

static void leave_port(irq_state_t state)
{
	spin_raw_unlock(&s_lock);
	irq_restore(state);
}

void axhal_serial_keep_early(int byte)
{
	s_early = byte;
}

static void (*s_input_handler)(void);

void axhal_serial_input_has_come(void)
{
	if (s_input_handler)
		s_input_handler();
}

void axhal_console_on_input(void (*handler)(void))
{
	s_input_handler = handler;
}

void axhal_console_write(const char *bytes, size_t length)
{
	if (!AXHAL_FEATURE_SMP) {
		axhal_serial_write(bytes, length);
		return;
	}
	for (size_t done = 0, count; done < length; done += count) {
		count = AX_MIN(length - done, LOCKED_BYTES);
		irq_state_t state = take_port();
		axhal_serial_write(bytes + done, count);
		leave_port(state);
	}
}

static long read_port_buffer(char *buffer, size_t capacity)
{
	if (unlikely(s_early >= 0) && capacity) {
		*buffer = (char)s_early;
		s_early = -1;
		return 1;
	}
	return (long)axhal_serial_read(buffer, capacity);
}

long axhal_console_read(char *buffer, size_t capacity)
{
	if (!AXHAL_FEATURE_SMP)
		return read_port_buffer(buffer, capacity);
	irq_state_t state = take_port();
	long count = read_port_buffer(buffer, capacity);
	leave_port(state);
	return count;
}

/* What is plugged into the serial line cannot be known. */
bool axhal_console_is_terminal(void)
{
	return true;
}
