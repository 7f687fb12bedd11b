/* SPDX-License-Identifier: Apache-2.0 */
/* A controller and a card of the specification, as far as the driver goes. */
#pragma once

#include <sdhci/sdhci.h>

enum { MODEL_BLOCKS = 2048, MODEL_BLOCK_BYTES = 512 };

typedef struct sd_model {
	uint8_t memory[MODEL_BLOCKS][MODEL_BLOCK_BYTES];
	bool has_card, is_old;       /* version 1: addresses are bytes */
	unsigned fail_data, fail_answer; /* how many transfers, commands end with an error */
	bool is_stuck;               /* the data never come */
	uint32_t registers[64];
	bool is_application, is_read, is_selected;
	uint64_t at, left;           /* words of the memory */
	unsigned stops, asked;
	uint64_t now_ns;
} sd_model_t;

extern sd_model_t g_model;
extern const sdhci_user_t g_model_user;

/** A card of the second version. */
void sd_model_reset(void);
