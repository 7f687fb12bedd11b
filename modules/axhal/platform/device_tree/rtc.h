/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/** Nanoseconds since 1970-01-01 UTC by the real-time clock; 0 if there is none. The driver is chosen by feature. */
uint64_t axhal_rtc_ns(void);
