/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard host controllers of the Raspberry Pi: the BCM2711's second one, which has the Raspberry Pi 4's card
 * (bindings/mmc/brcm,iproc-sdhci.yaml), else the first. Their capabilities do not tell the clock. Feature `sdhci`.
 */
#include <axhal/board.h>
#include <axhal/buses.h>
#include <base/base.h>
#include <sdhci/sdhci.h>

#include "sd_host.h"

static const struct {
	const char *compatible;
	axhal_board_clock_t clock;
	uint32_t hz; /* as the firmware leaves it */
} s_known[] = {
	{ "brcm,bcm2711-emmc2", AXHAL_CLOCK_EMMC2, 100000000 },
	{ "brcm,bcm2835-sdhci", AXHAL_CLOCK_EMMC, 50000000 },
};

static sdhci_t s_sdhci;

ax_err_t axblock_start_sd_host(const sd_host_user_t *user, sd_host_t **host)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_known); i++) {
		uintptr_t registers = axhal_find_device(s_known[i].compatible);
		if (registers) {
			*host = &s_sdhci.host;
			return sdhci_init(&s_sdhci, registers, axhal_board_clock_hz(s_known[i].clock, s_known[i].hz), user);
		}
	}
	return AX_OK;
}
