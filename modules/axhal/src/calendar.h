/* SPDX-License-Identifier: Apache-2.0 */
/* From the fields of a real-time clock to Unix time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** Registers of an MC146818 with the PC's century byte, as read. */
typedef struct rtc_registers {
	uint8_t seconds, minutes, hours, day, month, year, century;
} rtc_registers_t;

/**
 * Seconds since 1970-01-01 UTC; 0 if the fields are no time.
 * @param binary    else binary-coded decimal
 * @param hours_24  else 12 hours, the top bit for the afternoon
 */
uint64_t calendar_from_rtc(rtc_registers_t registers, bool binary, bool hours_24);
