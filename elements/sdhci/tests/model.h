/* SPDX-License-Identifier: Apache-2.0 */
/* A controller of the specification, before the model of a card. */
#pragma once

#include "../../sd_card/tests/card_model.h"
#include <sdhci/sdhci.h>

typedef struct sdhci_model {
	uint32_t registers[64];
	bool is_read;
} sdhci_model_t;

extern sdhci_model_t g_model;
extern const sd_host_user_t g_model_user;
