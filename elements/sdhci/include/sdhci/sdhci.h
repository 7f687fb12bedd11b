/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A memory card (SD Specifications, Part 1, Physical Layer Simplified Specification 3.01) behind a standard host controller (Part
 * A2, SD Host Controller Simplified Specification 3.00): the Raspberry Pi's, and many a board's. Registers are accessed as 32
 * bits, which all of them allow and some demand. The processor moves the data and looks at the controller: each request has
 * ended when it has been submitted. Requests of several threads take turns.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <spinlock/spinlock.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** What the driver needs of its user. Must outlive the device. */
typedef struct sdhci_user {
	uint32_t (*read)(uintptr_t registers, unsigned offset);
	void (*write)(uintptr_t registers, unsigned offset, uint32_t value);
	uint64_t (*now_ns)(void);
} sdhci_user_t;

typedef struct sdhci {
	block_device_t device;
	uintptr_t registers;
	const sdhci_user_t *user;
	uint32_t base_hz;
	uint32_t card;          /* its relative address, in bits 31:16 */
	uint64_t first;         /* block of the card that is the device's first */
	bool is_high_capacity;  /* addresses are blocks, not bytes */
	spinlock_t lock;        /* the controller */
} sdhci_t;

/**
 * Find the card and make it a block device.
 * @param name     of the device; must live as long
 * @param base_hz  the controller's clock; 0: its capabilities say
 * @retval AX_ERR_NO_DEVICE      no card answers, or none that is known here
 * @retval AX_ERR_TIMED_OUT      the controller does not do what it is told
 * @retval AX_ERR_INVALID_INPUT  the rate of its clock is not known
 */
ax_err_t sdhci_init(sdhci_t *self, const char *name, uintptr_t registers, uint32_t base_hz, const sdhci_user_t *user);

/** From here on the device is @p count blocks from its @p first one: a partition. Nothing is under way, and they are there. */
void sdhci_narrow(sdhci_t *self, uint64_t first, uint64_t count);

#pragma GCC visibility pop
