/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of the supervisor execution environment (RISC-V SBI Specification 2.0): OpenSBI, or a hypervisor. One that is older than version
 * 0.2 knows the legacy ones alone (chapter 5), which all but the start of harts fall back on.
 */
#pragma once

/* Extension and function: chapters 6 to 12. */
#define SBI_TIME   0x54494d45 /* 0: set the timer (count) */
#define SBI_IPI    0x735049   /* 0: raise software interrupts (mask, first hart of the mask) */
#define SBI_RFENCE 0x52464e43 /* 1: drop translations (mask, first hart, address, bytes) */
#define SBI_HSM    0x48534d   /* 0: start a hart (hart, address, argument) */
#define SBI_SRST   0x53525354 /* 0: reset the system (type, reason) */
#define SBI_DBCN   0x4442434e /* 0: write to the debug console (bytes, address, its upper half) */

#define SBI_LEGACY_SET_TIMER	0
#define SBI_LEGACY_PUT_CHARACTER 1
#define SBI_LEGACY_IPI		4 /* (address of the mask) */
#define SBI_LEGACY_SFENCE	6 /* (address of the mask, address, bytes) */
#define SBI_LEGACY_SHUTDOWN	8

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a call returns in a0 and a1; a legacy one in a0 alone. */
typedef struct sbi_result {
	long error; /* 0: success */
	long value;
} sbi_result_t;

/** Any context. */
sbi_result_t axhal_sbi_call(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/** This hart's timer interrupt when the counter reaches @p count. Any context. */
void axhal_sbi_set_timer(uint64_t count);

/** Raise @p hart's software interrupt. Any context. */
void axhal_sbi_interrupt(uint64_t hart);

/** @p hart drops all translations before it goes on. Any context. */
void axhal_sbi_drop_translations(uint64_t hart);

/** Write @p length bytes, which lie at @p paddr for the firmware, to its console. Any context. */
void axhal_sbi_write(const char *bytes, uint64_t paddr, size_t length);

/** End the machine; returns if the firmware cannot. Any context. */
void axhal_sbi_shutdown(bool failed);

#endif
