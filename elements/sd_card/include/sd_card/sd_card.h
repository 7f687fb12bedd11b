/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A memory card (SD Specifications, Part 1, Physical Layer Simplified Specification 3.01) behind a host controller that sd_card/host.h
 * describes. The processor moves the data and looks at the controller: each request has ended when it has been submitted. Requests of
 * several threads take turns.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <sd_card/host.h>
#include <spinlock/spinlock.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct sd_card {
	block_device_t device;
	sd_host_t *host;
	uint32_t address;      /* the card's own, in bits 31:16 */
	uint64_t first;        /* block of the card that is the device's first */
	bool is_high_capacity; /* addresses are blocks, not bytes */
	spinlock_t lock;       /* the controller */
} sd_card_t;

/**
 * Find the card and make it a block device.
 * @param name  of the device; must live as long
 * @param host  a controller that has been started
 * @retval AX_ERR_NO_DEVICE  no card answers, or none that is known here
 * @retval AX_ERR_TIMED_OUT  the controller does not do what it is told
 */
ax_err_t sd_card_init(sd_card_t *self, const char *name, sd_host_t *host);

/** From here on the device is @p count blocks from its @p first one: a partition. Nothing is under way, and they are there. */
void sd_card_narrow(sd_card_t *self, uint64_t first, uint64_t count);

#pragma GCC visibility pop
