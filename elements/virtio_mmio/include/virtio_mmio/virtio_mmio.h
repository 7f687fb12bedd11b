/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory-mapped transport of virtio, version 2 (VirtIO 1.2, section 4.2), and the kernel parameter by which
 * machines without any enumeration name such devices.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <virtio_device/virtio_device.h>

#pragma GCC visibility push(default)

/** Bytes of registers before the configuration. */
#define VIRTIO_MMIO_CONFIG 0x100u

typedef struct virtio_mmio {
	virtio_device_t device;
	volatile uint32_t *window;
	size_t bytes;
} virtio_mmio_t;

/**
 * Take hold of the device at @p window, @p bytes long, mapped uncached.
 * @param address  for messages; must outlive @p self
 * @retval AX_ERR_NOT_FOUND      the window has no device in it
 * @retval AX_ERR_NOT_SUPPORTED  of version 1, the legacy interface
 * @retval AX_ERR_NO_DEVICE      no virtio window
 */
ax_err_t virtio_mmio_init(virtio_mmio_t *self, volatile void *window, size_t bytes, const virtio_memory_t *memory,
			  const char *address);

/** A device as the parameter names it. */
typedef struct virtio_mmio_place {
	uint64_t paddr;
	uint64_t bytes;
	unsigned irq;
} virtio_mmio_place_t;

/**
 * Read the value of a parameter `virtio_mmio.device=<size>@<address>:<interrupt>[:<id>]` (section 4.2.1; Linux's
 * Documentation/admin-guide/kernel-parameters). Numbers are decimal, or hexadecimal with 0x; a size may end with K or M.
 * @retval AX_ERR_INVALID_INPUT  anything else
 */
ax_err_t virtio_mmio_read_parameter(const char *text, virtio_mmio_place_t *place);

#pragma GCC visibility pop
