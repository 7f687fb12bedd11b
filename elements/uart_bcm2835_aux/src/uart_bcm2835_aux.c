/* SPDX-License-Identifier: Apache-2.0 */
/* See uart_bcm2835_aux.h. Registers by section 2.2.2, less AUX_MU_IO. */
#include <uart_bcm2835_aux/uart_bcm2835_aux.h>

enum { REG_CONTROL = 8 }; /* AUX_MU_CNTL */

#define CONTROL_BOTH_WAYS 3u

/* The rate stays as the firmware left it. There is no loop and no output 2: the bits of the modem control are ignored. */
int uart_bcm2835_aux_init(const uart_16550_t *self)
{
	int early = uart_16550_init(self, 0);
	self->write(self->base, REG_CONTROL, CONTROL_BOTH_WAYS);
	return early;
}
