/* SPDX-License-Identifier: Apache-2.0 */
/* SDHOST, on the pins of the Raspberry Pi's card (bindings/mmc/brcm,bcm2835-sdhost.yaml, bindings/pinctrl/brcm,bcm2835-gpio.txt). Feature
 * `sdhost`. */
#include <axhal/board.h>
#include <axhal/buses.h>
#include <bcm2835_gpio/bcm2835_gpio.h>
#include <bcm2835_sdhost/bcm2835_sdhost.h>

#include "sd_host.h"

enum { FIRST_PIN = 48, PINS = 6, CORE_HZ = 250000000 };

static bcm2835_sdhost_t s_sdhost;

ax_err_t axblock_start_sd_host(const sd_host_user_t *user, sd_host_t **host)
{
	uintptr_t registers = axhal_find_device("brcm,bcm2835-sdhost"), pins = axhal_find_device("brcm,bcm2835-gpio");
	if (!registers)
		return AX_OK;
	if (pins)
		bcm2835_gpio_select(pins, FIRST_PIN, PINS, BCM2835_GPIO_ALT0);
	bcm2835_sdhost_init(&s_sdhost, registers, axhal_board_clock_hz(AXHAL_CLOCK_CORE, CORE_HZ), user);
	*host = &s_sdhost.host;
	return AX_OK;
}
