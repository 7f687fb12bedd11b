/* SPDX-License-Identifier: Apache-2.0 */
/* See bcm2835_rng.h. */
#include <bcm2835_rng/bcm2835_rng.h>

enum { CONTROL, STATUS, DATA };

#define CONTROL_ON      1u
#define STATUS_WARM_UP  0x40000u /* so many words are thrown away */
#define STATUS_WORDS(status) ((status) >> 24)

void bcm2835_rng_init(uintptr_t registers)
{
	volatile uint32_t *reg = (volatile uint32_t *)registers;
	if (reg[CONTROL] & CONTROL_ON)
		return;
	reg[STATUS] = STATUS_WARM_UP;
	reg[CONTROL] = CONTROL_ON;
}

bool bcm2835_rng_take(uintptr_t registers, uint32_t *word)
{
	const volatile uint32_t *reg = (const volatile uint32_t *)registers;
	if (!STATUS_WORDS(reg[STATUS]))
		return false;
	*word = reg[DATA];
	return true;
}
