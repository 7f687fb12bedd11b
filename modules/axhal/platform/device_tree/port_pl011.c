/* SPDX-License-Identifier: Apache-2.0 */
/* The console's port is a PL011. Feature `port_pl011`. */
#include <memstr/memstr.h>
#include <uart_pl011/uart_pl011.h>
#include "cpu_setup.h"
#include "device_tree.h"
#include "serial_console.h"

static uint32_t read_register(uintptr_t base, unsigned offset)
{
	return *(volatile uint32_t *)(base + offset);
}

static void write_register(uintptr_t base, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(base + offset) = value;
}

static uart_pl011_t s_uart = { 0, read_register, write_register };

bool axhal_port_drives(const char *compatible)
{
	return !strcmp(compatible, "arm,pl011");
}

int axhal_port_init(uintptr_t base)
{
	s_uart.base = base;
	uart_pl011_init(&s_uart);
	return -1;
}

void axhal_port_enable_interrupt(void)
{
	uart_pl011_enable_receive_interrupt(&s_uart);
}

void axhal_port_clear_interrupt(void)
{
	uart_pl011_clear_interrupt(&s_uart);
}

void axhal_serial_write(const char *bytes, size_t length)
{
	if (s_uart.base)
		uart_pl011_write(&s_uart, bytes, length);
	else
		axhal_firmware_write(bytes, length);
}

size_t axhal_serial_read(char *buffer, size_t capacity)
{
	return s_uart.base ? uart_pl011_read(&s_uart, buffer, capacity) : 0;
}
