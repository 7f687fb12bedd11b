/* SPDX-License-Identifier: Apache-2.0 */
/* The BCM2835's 54 pins (BCM2835 ARM Peripherals, chapter 6): each serves one of eight functions. The caller serializes. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

enum { BCM2835_GPIO_PINS = 54 };

/** As GPFSEL encodes them. */
typedef enum bcm2835_gpio_function {
	BCM2835_GPIO_INPUT,
	BCM2835_GPIO_OUTPUT,
	BCM2835_GPIO_ALT5,
	BCM2835_GPIO_ALT4,
	BCM2835_GPIO_ALT0,
	BCM2835_GPIO_ALT1,
	BCM2835_GPIO_ALT2,
	BCM2835_GPIO_ALT3,
} bcm2835_gpio_function_t;

/** Connect @p count pins from @p first on. @p registers are 32 bits wide, in memory. */
void bcm2835_gpio_select(uintptr_t registers, unsigned first, unsigned count, bcm2835_gpio_function_t function);

#pragma GCC visibility pop
