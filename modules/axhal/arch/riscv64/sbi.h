/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the supervisor execution environment (RISC-V SBI Specification 1.0): OpenSBI, or a hypervisor. */
#pragma once

#include <stdint.h>

/* Extension and function: chapters 6 to 10. */
#define SBI_TIME   0x54494d45 /* 0: set the timer (count) */
#define SBI_IPI    0x735049   /* 0: raise software interrupts (mask, first hart of the mask) */
#define SBI_RFENCE 0x52464e43 /* 1: drop translations (mask, first hart, address, bytes) */
#define SBI_HSM    0x48534d   /* 0: start a hart (hart, address, argument) */
#define SBI_SRST   0x53525354 /* 0: reset the system (type, reason) */

/** @return the error, 0 for success. Any context. */
long axhal_sbi_call(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
