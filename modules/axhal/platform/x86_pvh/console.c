/* SPDX-License-Identifier: Apache-2.0 */
/* The console is the first serial port. */
#include <axconfig/axconfig.h>
#include <axhal/console.h>
#include <base/base.h>
#include <uart_16550/uart_16550.h>
#include "../../arch/x86_64/registers.h"
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

static int s_early = -1; /* a byte typed before the machine was up */

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
	uart_16550_write(&s_uart, bytes, length);
}

long axhal_console_read(char *buffer, size_t capacity)
{
	if (unlikely(s_early >= 0) && capacity) {
		*buffer = (char)s_early;
		s_early = -1;
		return 1;
	}
	return (long)uart_16550_read(&s_uart, buffer, capacity);
}

/* What is plugged into the serial line cannot be known. */
bool axhal_console_is_terminal(void)
{
	return true;
}
