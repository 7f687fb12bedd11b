/* SPDX-License-Identifier: Apache-2.0 */
/* The console's serial port: the first of the PC. */
#include <axconfig/axconfig.h>
#include <uart_16550/uart_16550.h>
#include "../../arch/x86_64/registers.h"
#include "serial_console.h"
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

void x86_pvh_console_init(void)
{
	axhal_serial_keep_early(uart_16550_init(&s_uart, 1));
}

/* Edge-triggered: the line falls when the reader has emptied the FIFO, and the next byte raises it again. */
void x86_pvh_console_interrupt([[maybe_unused]] void *unused)
{
	axhal_serial_input_has_come();
}

void x86_pvh_console_enable_interrupt(void)
{
	uart_16550_enable_receive_interrupt(&s_uart);
}

void axhal_serial_write(const char *bytes, size_t length)
{
	uart_16550_write(&s_uart, bytes, length);
}

size_t axhal_serial_read(char *buffer, size_t capacity)
{
	return uart_16550_read(&s_uart, buffer, capacity);
}
