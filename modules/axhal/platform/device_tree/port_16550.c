/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's port is a 16550 whose registers are memory, DesignWare's kind of one, or the BCM2835's mini-UART. Feature `port_16550`.
 * How far they are apart and how wide says the device tree (bindings/serial/8250.yaml: reg-shift, reg-io-width), but for the last.
 */
#include <memstr/memstr.h>
#include <uart_16550/uart_16550.h>
#include <uart_bcm2835_aux/uart_bcm2835_aux.h>
#include <uart_dw_apb/uart_dw_apb.h>
#include "cpu_setup.h"
#include "device_tree.h"
#include "machine_tree.h"
#include "serial_console.h"

static uint32_t s_shift, s_width;
static bool s_is_dw_apb;

static uint8_t read_register(uintptr_t base, unsigned number)
{
	uintptr_t address = base + ((uintptr_t)number << s_shift);
	return s_width == 4 ? (uint8_t)*(volatile uint32_t *)address : *(volatile uint8_t *)address;
}

static void write_register(uintptr_t base, unsigned number, uint8_t value)
{
	uintptr_t address = base + ((uintptr_t)number << s_shift);
	if (s_width == 4)
		*(volatile uint32_t *)address = value;
	else
		*(volatile uint8_t *)address = value;
}

static uart_16550_t s_uart = { 0, read_register, write_register };

bool axhal_port_drives(const char *compatible)
{
	return !strcmp(compatible, "ns16550a") || !strcmp(compatible, "snps,dw-apb-uart") || !strcmp(compatible, "brcm,bcm2835-aux-uart");
}

/* The rate stays as the firmware left it. */
int axhal_port_init(uintptr_t base)
{
	const device_tree_node_t *node = &axhal_tree.devices[TREE_SERIAL];
	const char *compatible = axhal_tree.compatible[TREE_SERIAL];
	if (!strcmp(compatible, "brcm,bcm2835-aux-uart")) {
		s_shift = 2;
		s_width = 4;
		s_uart.base = base;
		return uart_bcm2835_aux_init(&s_uart);
	}
	(void)device_tree_cell(node, "reg-shift", 0, &s_shift);
	(void)device_tree_cell(node, "reg-io-width", 0, &s_width);
	s_uart.base = base;
	s_is_dw_apb = !strcmp(compatible, "snps,dw-apb-uart");
	if (!s_is_dw_apb)
		return uart_16550_init(&s_uart, 0);
	int early;
	(void)uart_dw_apb_init(&s_uart, 0, &early); /* busy for good: it may write all the same */
	return early;
}

void axhal_port_enable_interrupt(void)
{
	uart_16550_enable_receive_interrupt(&s_uart);
}

/* The line is level-triggered and falls when its reader has taken the bytes: until then it is off. */
void axhal_port_clear_interrupt(void)
{
	if (s_is_dw_apb)
		uart_dw_apb_acknowledge(&s_uart);
	uart_16550_disable_receive_interrupt(&s_uart);
}

void axhal_serial_write(const char *bytes, size_t length)
{
	if (s_uart.base)
		uart_16550_write(&s_uart, bytes, length);
	else
		axhal_firmware_write(bytes, length);
}

size_t axhal_serial_read(char *buffer, size_t capacity)
{
	size_t count = s_uart.base ? uart_16550_read(&s_uart, buffer, capacity) : 0;
	if (s_uart.base && count < capacity)
		uart_16550_enable_receive_interrupt(&s_uart);
	return count;
}
