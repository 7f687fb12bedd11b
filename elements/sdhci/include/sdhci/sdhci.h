/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard host controller of memory cards (SD Specifications, Part A2, SD Host Controller Simplified Specification 3.00): the
 * Raspberry Pi's, and many a board's. Registers are accessed as 32 bits, which all of them allow and some demand.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <sd_card/host.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct sdhci {
	sd_host_t host;
} sdhci_t;

/**
 * Reset the controller, and give the card power.
 * @param base_hz  the controller's clock; 0: its capabilities say
 * @retval AX_ERR_TIMED_OUT      it does not do what it is told
 * @retval AX_ERR_INVALID_INPUT  the rate of its clock is not known
 */
ax_err_t sdhci_init(sdhci_t *self, uintptr_t registers, uint32_t base_hz, const sd_host_user_t *user);

#pragma GCC visibility pop
