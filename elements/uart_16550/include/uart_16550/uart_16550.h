/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The 16550 UART (National Semiconductor PC16550D datasheet, June 1995). The registers are reached through two
 * functions of the user's, so that ports, memory and a test's array serve alike. No lock: the user serializes,
 * or accepts that bytes of two callers mix.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** One UART. The user fills it, `const` if it can: calls are then inlined into the user's accessors. */
typedef struct uart_16550 {
	uintptr_t base;                                                   /* handed to the accessors */
	uint8_t (*read)(uintptr_t base, unsigned register_number);        /* 0 to 7 */
	void (*write)(uintptr_t base, unsigned register_number, uint8_t value);
} uart_16550_t;

/**
 * 8 data bits, no parity, one stop bit, FIFOs on, interrupts off.
 * @param divisor  input clock / (16 x baud rate); 1 on a PC is 115,200 baud. 0 leaves the rate as it is.
 * @return the byte that had been received before, which turning on the FIFOs would lose; -1 if there was none
 */
int uart_16550_init(const uart_16550_t *self, uint16_t divisor);

/** Write all bytes as they are; waits for the transmitter. Any context. */
void uart_16550_write(const uart_16550_t *self, const char *bytes, size_t length);

/** Take what has arrived, at most @p capacity bytes; never waits. @return bytes taken. Any context. */
size_t uart_16550_read(const uart_16550_t *self, char *buffer, size_t capacity);

/** Raise the UART's interrupt while received bytes wait: level-triggered, ended by uart_16550_read(). */
void uart_16550_enable_receive_interrupt(const uart_16550_t *self);

/** Interrupt off: for a handler that leaves the bytes to a reader. */
void uart_16550_disable_receive_interrupt(const uart_16550_t *self);

#pragma GCC visibility pop
