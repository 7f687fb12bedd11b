/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The random number generator of the BCM2835 to BCM2837. Broadcom has not described it; registers are those of Linux's driver
 * (drivers/char/hw_random/bcm2835-rng.c). The caller serializes. Any context.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Turn it on: what it gives first is not good, and thrown away by itself. @p registers: in memory */
void bcm2835_rng_init(uintptr_t registers);

/** A random word. @return false: there is none yet; a word takes microseconds, the first one some milliseconds */
bool bcm2835_rng_take(uintptr_t registers, uint32_t *word);

#pragma GCC visibility pop
