/* SPDX-License-Identifier: Apache-2.0 */
/* GPFSEL0 to 5, ten pins each: section 6.1, table 6-2. */
#include <bcm2835_gpio/bcm2835_gpio.h>

enum { PINS_EACH = 10, BITS = 3 };

void bcm2835_gpio_select(uintptr_t registers, unsigned first, unsigned count, bcm2835_gpio_function_t function)
{
	for (unsigned pin = first; pin < first + count && pin < BCM2835_GPIO_PINS; pin++) {
		volatile uint32_t *select = (volatile uint32_t *)registers + pin / PINS_EACH;
		unsigned shift = pin % PINS_EACH * BITS;
		*select = (*select & ~(7u << shift)) | (uint32_t)function << shift;
	}
}
