/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg.rst): a selector names an item, whose bytes the data
 * register then gives one by one; zeroes after the last. The keys of items: include/standard-headers/linux/qemu_fw_cfg.h.
 * No lock: the user serializes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct fw_cfg {
	uintptr_t base; /* handed to the accessors */
	void (*select)(uintptr_t base, uint16_t key);
	uint8_t (*read)(uintptr_t base);
} fw_cfg_t;

/** Whether the device is there, by its signature. */
bool fw_cfg_is_present(const fw_cfg_t *self);

/** CPUs that run when the machine starts. The device must be there. */
unsigned fw_cfg_cpus(const fw_cfg_t *self);

#pragma GCC visibility pop
