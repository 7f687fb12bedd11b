/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PCI transport of virtio, modern interface only (VirtIO 1.2, section 4.1): where the device's registers lie, its
 * vendor capabilities say, and are not believed where they leave a BAR.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <pci/pci.h>
#include <virtio_device/virtio_device.h>

#pragma GCC visibility push(default)

/** A piece of a BAR. */
typedef struct virtio_pci_region {
	volatile uint8_t *start;
	size_t bytes;
} virtio_pci_region_t;

typedef struct virtio_pci {
	virtio_device_t device;
	pci_function_t function;
	virtio_pci_region_t common, notify, isr, config;
	uint32_t notify_multiplier;
	uint16_t vector; /* of all queues and of configuration changes: 0, or VIRTIO_PCI_NO_VECTOR */
	pci_msix_t msix;
	virtio_pci_region_t msix_table;
} virtio_pci_t;

#define VIRTIO_PCI_NO_VECTOR 0xffffu

/** Whether @p function is a virtio device with a modern interface. @return its VIRTIO_ID_*, 0 if it is none */
uint32_t virtio_pci_id(const pci_function_t *function);

/**
 * Take hold of a device whose BARs have addresses: memory decoding and bus mastering on, interrupts off.
 * @param map      how registers at a physical address are reached: uncached, NULL if they cannot be
 * @param address  for messages; must outlive @p self
 * @retval AX_ERR_NO_DEVICE      no virtio device, or its capabilities lead nowhere
 * @retval AX_ERR_NO_MEMORY      @p map failed
 */
ax_err_t virtio_pci_init(virtio_pci_t *self, const pci_function_t *function, const virtio_memory_t *memory,
			 void *(*map)(uint64_t paddr, size_t bytes), const char *address);

/**
 * From the next virtio_device_begin() on the device's interrupts are writes of @p data to @p address.
 * @retval AX_ERR_NOT_SUPPORTED  it has no MSI-X
 */
ax_err_t virtio_pci_set_message(virtio_pci_t *self, uint64_t address, uint32_t data);

/**
 * The device's interrupts are its line's, INTx, from now on: level-triggered, it falls at virtio_device_acknowledge(),
 * which reads the ISR status (section 4.1.4.5) and must be called on each interrupt of the line.
 */
void virtio_pci_use_line(virtio_pci_t *self);

#pragma GCC visibility pop
