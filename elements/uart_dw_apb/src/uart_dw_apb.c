/* SPDX-License-Identifier: Apache-2.0 */
/* See uart_dw_apb.h. Registers by the databook's chapter 6; their offsets are four times these numbers. */
#include <uart_dw_apb/uart_dw_apb.h>

enum {
	REG_INTERRUPT_ID = 2, /* IIR, read */
	REG_LINE_CONTROL = 3, /* LCR */
	REG_STATUS = 31,      /* USR */
};

#define IIR_ID   0x0fu
#define IIR_BUSY 0x07u /* LCR was written meanwhile; reading USR ends it */
#define LCR_8N1  0x03u
#define USR_BUSY 0x01u

enum {
	TRIES = 4,
	LOOKS = 100000, /* a character at 1,200 baud and a bus of 10 MHz */
};

static bool is_idle(const uart_16550_t *self)
{
	for (int i = 0; i < LOOKS; i++) {
		if (!(self->read(self->base, REG_STATUS) & USR_BUSY))
			return true;
	}
	return false;
}

/* It may become busy between the look and the write. */
bool uart_dw_apb_init(const uart_16550_t *self, uint16_t divisor, int *early)
{
	*early = -1;
	for (int i = 0; i < TRIES && is_idle(self); i++) {
		int byte = uart_16550_init(self, divisor);
		*early = *early < 0 ? byte : *early;
		if (self->read(self->base, REG_LINE_CONTROL) == LCR_8N1)
			return true;
		uart_dw_apb_acknowledge(self);
	}
	return false;
}

void uart_dw_apb_acknowledge(const uart_16550_t *self)
{
	if ((self->read(self->base, REG_INTERRUPT_ID) & IIR_ID) == IIR_BUSY)
		(void)self->read(self->base, REG_STATUS);
}
