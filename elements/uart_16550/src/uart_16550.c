/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the 16550 UART, in the order of the datasheet's section 8 (registers). */
#include <uart_16550/uart_16550.h>

/* Table II: register numbers; the first two mean the divisor latch while LCR's DLAB is set. */
enum {
	REG_DATA = 0,              /* RBR read, THR write; DLL */
	REG_INTERRUPT_ENABLE = 1,  /* IER; DLM */
	REG_INTERRUPT_ID = 2,      /* IIR, read */
	REG_FIFO_CONTROL = 2,      /* FCR, write */
	REG_LINE_CONTROL = 3,      /* LCR */
	REG_MODEM_CONTROL = 4,     /* MCR */
	REG_LINE_STATUS = 5,       /* LSR */
};

#define IER_RECEIVED       0x01u
#define IIR_FIFOS          0xc0u /* both: the FIFOs are on */
#define FCR_ENABLE         0x01u /* FIFOs on */
#define LCR_8N1            0x03u
#define LCR_DIVISOR_LATCH  0x80u
#define MCR_DTR_RTS_OUT2   0x0bu /* OUT2 lets the interrupt out on a PC */
#define MCR_LOOP           0x10u
#define LSR_DATA_READY     0x01u
#define LSR_TRANSMIT_EMPTY 0x20u /* with FIFOs: all of the transmit FIFO is empty */

#define FIFO_BYTES 16u

/*
 * Section 8.4: turning on the FIFOs empties them and the received byte with them. Meanwhile the receiver is off its line,
 * section 8.7. Where the firmware has turned them on all stays, and the line is left alone: QEMU, when the FIFO is read in
 * between, does not look for more input until something else wakes it.
 */
static int turn_on_fifos(const uart_16550_t *self)
{
	int early = -1;
	if ((self->read(self->base, REG_INTERRUPT_ID) & IIR_FIFOS) != IIR_FIFOS) {
		self->write(self->base, REG_MODEM_CONTROL, MCR_LOOP);
		if (self->read(self->base, REG_LINE_STATUS) & LSR_DATA_READY)
			early = self->read(self->base, REG_DATA);
	}
	self->write(self->base, REG_FIFO_CONTROL, FCR_ENABLE);
	self->write(self->base, REG_MODEM_CONTROL, MCR_DTR_RTS_OUT2);
	return early;
}

int uart_16550_init(const uart_16550_t *self, uint16_t divisor)
{
	self->write(self->base, REG_INTERRUPT_ENABLE, 0);
	if (divisor) {
		self->write(self->base, REG_LINE_CONTROL, LCR_DIVISOR_LATCH);
		self->write(self->base, REG_DATA, (uint8_t)divisor);
		self->write(self->base, REG_INTERRUPT_ENABLE, (uint8_t)(divisor >> 8));
	}
	self->write(self->base, REG_LINE_CONTROL, LCR_8N1);
	return turn_on_fifos(self);
}

void uart_16550_write(const uart_16550_t *self, const char *bytes, size_t length)
{
	/* One look at the status pays for a whole FIFO: each access leaves the virtual machine. */
	for (size_t i = 0; i < length; i++) {
		if (i % FIFO_BYTES == 0) {
			while (!(self->read(self->base, REG_LINE_STATUS) & LSR_TRANSMIT_EMPTY))
				;
		}
		self->write(self->base, REG_DATA, (uint8_t)bytes[i]);
	}
}

size_t uart_16550_read(const uart_16550_t *self, char *buffer, size_t capacity)
{
	size_t taken = 0;
	while (taken < capacity && (self->read(self->base, REG_LINE_STATUS) & LSR_DATA_READY))
		buffer[taken++] = (char)self->read(self->base, REG_DATA);
	return taken;
}

void uart_16550_enable_receive_interrupt(const uart_16550_t *self)
{
	self->write(self->base, REG_INTERRUPT_ENABLE, IER_RECEIVED);
}

void uart_16550_disable_receive_interrupt(const uart_16550_t *self)
{
	self->write(self->base, REG_INTERRUPT_ENABLE, 0);
}
