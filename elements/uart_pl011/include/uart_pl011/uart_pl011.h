/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PL011 UART (Arm, PrimeCell UART PL011 Technical Reference Manual, DDI 0183). The registers are reached through two
 * functions of the user's, so that memory and a test's model serve alike. No lock: the user serializes, or accepts that
 * bytes of two callers mix.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** One UART. The user fills it. */
typedef struct uart_pl011 {
	uintptr_t base;                                             /* handed to the accessors */
	uint32_t (*read)(uintptr_t base, unsigned offset);          /* of a register, in bytes */
	void (*write)(uintptr_t base, unsigned offset, uint32_t value);
} uart_pl011_t;

/**
 * 8 data bits, no parity, one stop bit, interrupts off; the rate stays as firmware left it. FIFOs on, but where a byte has been
 * received, which that would lose: then they stay as they are.
 */
void uart_pl011_init(const uart_pl011_t *self);

/** Write all bytes as they are; waits for the transmitter. Any context. */
void uart_pl011_write(const uart_pl011_t *self, const char *bytes, size_t length);

/** Take what has arrived, at most @p capacity bytes; never waits. @return bytes taken. Any context. */
size_t uart_pl011_read(const uart_pl011_t *self, char *buffer, size_t capacity);

/** Raise the UART's interrupt when bytes have been received: by the FIFO's level, and when the line then rests. */
void uart_pl011_enable_receive_interrupt(const uart_pl011_t *self);

/** The interrupt has been seen: the line falls, though the bytes still wait for uart_pl011_read(). */
void uart_pl011_clear_interrupt(const uart_pl011_t *self);

#pragma GCC visibility pop
