/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the PL011 UART, in the order of the manual's section 3.3 (registers). */
#include <uart_pl011/uart_pl011.h>

#include <stdbool.h>

/* Table 3-1 */
enum {
	REG_DATA = 0x00,         /* UARTDR */
	REG_FLAGS = 0x18,        /* UARTFR */
	REG_LINE_CONTROL = 0x2c, /* UARTLCR_H */
	REG_CONTROL = 0x30,      /* UARTCR */
	REG_FIFO_LEVELS = 0x34,  /* UARTIFLS */
	REG_MASK = 0x38,         /* UARTIMSC: a 1 lets the interrupt out */
	REG_CLEAR = 0x44,        /* UARTICR */
};

#define FLAG_RECEIVE_EMPTY (1u << 4)
#define FLAG_TRANSMIT_FULL (1u << 5)
#define LINE_FIFO          (1u << 4)
#define LINE_8_BITS        (3u << 5)
#define CONTROL_ENABLE     (1u << 0)
#define CONTROL_TRANSMIT   (1u << 8)
#define CONTROL_RECEIVE    (1u << 9)
#define INTERRUPT_RECEIVE  (1u << 4)
#define INTERRUPT_TIMEOUT  (1u << 6) /* bytes wait below the level, and no more have come for 32 bits' time */
#define INTERRUPT_ALL      0x7ffu
#define LEVEL_RECEIVE_1_8  (0u << 3)

void uart_pl011_init(const uart_pl011_t *self)
{
	self->write(self->base, REG_MASK, 0);
	/*
	 * Turning the FIFOs on or off empties them. Where a byte waits they stay as they are: were it taken before, the next one would be
	 * lost, which is on its way as soon as there is room.
	 */
	bool waits = !(self->read(self->base, REG_FLAGS) & FLAG_RECEIVE_EMPTY);
	uint32_t fifos = waits ? self->read(self->base, REG_LINE_CONTROL) & LINE_FIFO : LINE_FIFO;
	/* Section 3.3.8: the line control is written while the UART is off. */
	self->write(self->base, REG_CONTROL, 0);
	self->write(self->base, REG_CLEAR, INTERRUPT_ALL);
	self->write(self->base, REG_LINE_CONTROL, LINE_8_BITS | fifos);
	self->write(self->base, REG_FIFO_LEVELS, LEVEL_RECEIVE_1_8);
	self->write(self->base, REG_CONTROL, CONTROL_ENABLE | CONTROL_TRANSMIT | CONTROL_RECEIVE);
}

void uart_pl011_write(const uart_pl011_t *self, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		while (self->read(self->base, REG_FLAGS) & FLAG_TRANSMIT_FULL)
			;
		self->write(self->base, REG_DATA, (uint8_t)bytes[i]);
	}
}

size_t uart_pl011_read(const uart_pl011_t *self, char *buffer, size_t capacity)
{
	size_t taken = 0;
	while (taken < capacity && !(self->read(self->base, REG_FLAGS) & FLAG_RECEIVE_EMPTY))
		buffer[taken++] = (char)self->read(self->base, REG_DATA);
	return taken;
}

void uart_pl011_enable_receive_interrupt(const uart_pl011_t *self)
{
	self->write(self->base, REG_MASK, INTERRUPT_RECEIVE | INTERRUPT_TIMEOUT);
}

void uart_pl011_clear_interrupt(const uart_pl011_t *self)
{
	self->write(self->base, REG_CLEAR, INTERRUPT_RECEIVE | INTERRUPT_TIMEOUT);
}
