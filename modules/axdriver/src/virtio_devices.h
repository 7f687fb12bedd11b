/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this module share. */
#pragma once

#include <axdriver/axdriver.h>
#include <virtio_device/virtio_device.h>

/* Devices of a bus that are kept; more are passed over, with a message. */
enum { DEVICES_MAX = 16 };

/** Addresses of memory for devices. */
extern virtio_memory_t axdriver_virtio_memory;

/** A device was found: keep it. @return false: there is no room */
bool axdriver_virtio_add(virtio_device_t *device);

/* pci.c, mmio.c */
void axdriver_pci_probe(void);
void axdriver_mmio_probe(void);
ax_err_t axdriver_pci_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument);
ax_err_t axdriver_mmio_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument);
/** Whether the device is one of this bus. */
bool axdriver_pci_has(const virtio_device_t *device);
bool axdriver_mmio_has(const virtio_device_t *device);
