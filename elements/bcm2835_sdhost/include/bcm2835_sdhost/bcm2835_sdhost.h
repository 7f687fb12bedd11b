/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second host controller of the BCM2835 to BCM2837, "SDHOST", which has the Raspberry Pi's card where the first one serves the
 * wireless chip. Broadcom has not described it; registers, their bits and the ways round what it does wrong are those of Linux's driver
 * (drivers/mmc/host/bcm2835.c) and bindings/mmc/brcm,bcm2835-sdhost.yaml.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <sd_card/host.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct bcm2835_sdhost {
	sd_host_t host;
} bcm2835_sdhost_t;

/** Reset the controller, and give the card power. @p base_hz: its clock, the VPU's */
void bcm2835_sdhost_init(bcm2835_sdhost_t *self, uintptr_t registers, uint32_t base_hz, const sd_host_user_t *user);

#pragma GCC visibility pop
