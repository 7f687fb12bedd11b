/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mini-UART of the BCM2835 (BCM2835 ARM Peripherals, section 2.2, with its errata): a 16550 as far as uart_16550 goes, whose
 * registers are 32 bits wide and 4 bytes apart, with a switch for sender and receiver. It is always on the Raspberry Pi's header
 * if the PL011 serves Bluetooth. As there: no lock.
 */
#pragma once

#include <uart_16550/uart_16550.h>

#pragma GCC visibility push(default)

/** Register numbers go up to here; the accessors multiply them by 4. */
enum { UART_BCM2835_AUX_REGISTERS = 11 };

/**
 * As uart_16550_init(), and it sends and receives. The block that it is in is on: the firmware has done that where it is a console.
 * @return the byte that had been received before, or -1
 */
int uart_bcm2835_aux_init(const uart_16550_t *self);

#pragma GCC visibility pop
