/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mailbox to the Raspberry Pi's firmware, and its channel 8, where the processor asks for properties (the firmware's wiki,
 * "Mailboxes" and "Mailbox property interface"). One question at a time; the caller serializes. Threads, or the boot.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { BCM2835_MAILBOX_WORDS = 16 };

/** What the driver needs of its user, who fills it. */
typedef struct bcm2835_mailbox {
	uintptr_t registers; /* handed to the accessors */
	uint32_t (*read)(uintptr_t registers, unsigned offset);
	void (*write)(uintptr_t registers, unsigned offset, uint32_t value);
	uint64_t (*now_ns)(void);
	uint32_t *words;     /* memory for a question, BCM2835_MAILBOX_WORDS, aligned to 16 bytes and shared with nothing in its cache lines, */
	uint32_t address;    /* and where the firmware sees it */
	void (*sync)(void *memory, size_t bytes); /* the caches hold nothing of it any more; before the question, and before the answer */
} bcm2835_mailbox_t;

/** Clocks by the firmware's numbers. */
typedef enum bcm2835_clock { BCM2835_CLOCK_EMMC = 1, BCM2835_CLOCK_UART = 2, BCM2835_CLOCK_CORE = 4 } bcm2835_clock_t;

/*
 * All return
 * AX_ERR_TIMED_OUT      the firmware does not answer
 * AX_ERR_NOT_SUPPORTED  it does not know the question
 */

/** The rate of a clock. 0 is no rate: not known. */
ax_err_t bcm2835_mailbox_clock_hz(const bcm2835_mailbox_t *self, bcm2835_clock_t clock, uint32_t *hz);

/** The processor's share of the memory. */
ax_err_t bcm2835_mailbox_arm_memory(const bcm2835_mailbox_t *self, uint32_t *start, uint32_t *bytes);

/** Which board it is: "New-style revision codes". */
ax_err_t bcm2835_mailbox_board_revision(const bcm2835_mailbox_t *self, uint32_t *revision);

/** The address of its network card. */
ax_err_t bcm2835_mailbox_mac_address(const bcm2835_mailbox_t *self, uint8_t address[6]);

#pragma GCC visibility pop
