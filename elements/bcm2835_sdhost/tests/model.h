/* SPDX-License-Identifier: Apache-2.0 */
/* The controller as Linux's driver knows it, before the model of a card: a FIFO of 16 words. */
#pragma once

#include "../../sd_card/tests/card_model.h"
#include <bcm2835_sdhost/bcm2835_sdhost.h>

typedef struct sdhost_model {
	uint32_t registers[0x54 / 4];
	bool is_read, forced_idle, was_on;
	unsigned looks;     /* at the state: the FIFO fills at every other one */
	unsigned fifo;      /* words in it */
} sdhost_model_t;

extern sdhost_model_t g_model;
extern const sd_host_user_t g_model_user;
