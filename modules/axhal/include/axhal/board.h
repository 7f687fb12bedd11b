/* SPDX-License-Identifier: Apache-2.0 */
/* What a board's firmware tells beside the machine's description. Feature `board_bcm2835`. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/** Clocks by the numbers of the Raspberry Pi's firmware. */
typedef enum axhal_board_clock {
	AXHAL_CLOCK_EMMC = 1,   /* of the standard host controller */
	AXHAL_CLOCK_CORE = 4,   /* of SDHOST */
	AXHAL_CLOCK_EMMC2 = 12, /* of the Raspberry Pi 4's */
} axhal_board_clock_t;

/** The rate of a clock; @p otherwise if there is no such firmware, or it does not tell. Boot, one thread. */
uint32_t axhal_board_clock_hz(axhal_board_clock_t clock, uint32_t otherwise);

#pragma GCC visibility pop
