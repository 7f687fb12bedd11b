/* SPDX-License-Identifier: Apache-2.0 */
/* The console is the first serial port. */
#include <axconfig/axconfig.h>
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/spinlock.h>
#include <uart_16550/uart_16550.h>
#include "../../arch/x86_64/registers.h"
#include "../../arch/x86_64/stop.h"
#include "x86_pvh.h"

static uint8_t read_port(uintptr_t base, unsigned register_number)
{
	return port_read8((uint16_t)(base + register_number));
}

static void write_port(uintptr_t base, unsigned register_number, uint8_t value)
{
	port_write8((uint16_t)(base + register_number), value);
}

static const uart_16550_t s_uart = { AX_CONFIG_UART_PORT, read_port, write_port };

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

void x86_pvh_console_init(void)
{
	s_early = uart_16550_init(&s_uart, 1);
}

static void (*s_input_handler)(void);

/* Edge-triggered: the line falls when the reader has emptied the FIFO, and the next byte raises it again. */
void x86_pvh_console_interrupt([[maybe_unused]] void *unused)
{
	if (s_input_handler)
		s_input_handler();
}

void axhal_console_on_input(void (*handler)(void))
{
	s_input_handler = handler;
}

void x86_pvh_console_enable_interrupt(void)
{
	uart_16550_enable_receive_interrupt(&s_uart);
}

void axhal_console_write(const char *bytes, size_t length)
{
	if (!AXHAL_FEATURE_SMP) {
		uart_16550_write(&s_uart, bytes, length);
		return;
	}
	for (size_t done = 0, count; done < length; done += count) {
		count = AX_MIN(length - done, LOCKED_BYTES);
		irq_state_t state = take_port();
		uart_16550_write(&s_uart, bytes + done, count);
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
	return (long)uart_16550_read(&s_uart, buffer, capacity);
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
