/* SPDX-License-Identifier: Apache-2.0 */
/* A card that is made of memory: registers, and the rings as chapter 7 has them. It does what a test says. */
#pragma once

#include <e1000e/e1000e.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	CARD_ICR = 0xc0, CARD_IMS = 0xd0, CARD_STATUS = 0x08,
	CARD_DONE = 1, CARD_END_OF_FRAME = 2, /* of a received one's status */
	CARD_CUT = 1 << 26, CARD_END = 1 << 24, CARD_DATA = 1 << 20, /* of a descriptor's command */
};

extern e1000e_t card_driver;

/** Start the driver on a fresh card. */
net_device_t *card_open(void);
void card_close(void);

/** A register, as the driver left it or finds it. */
uint32_t *card_register(uint32_t offset);

/** The card does not come out of its reset. */
extern bool card_is_stuck;

/** Receive: fill the next descriptor. @return false: the driver has given it none */
bool card_deliver(const void *frame, uint16_t bytes, uint8_t status, uint8_t errors);

/** The next descriptor that the driver has told of, or NULL. */
e1000e_transmit_descriptor_t *card_next_sent(void);

/** That descriptor is through. */
void card_done(e1000e_transmit_descriptor_t *descriptor);
