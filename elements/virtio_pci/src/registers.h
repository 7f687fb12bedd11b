/* SPDX-License-Identifier: Apache-2.0 */
/* Register numbers, and access to them. */
#pragma once

#include <stdint.h>
#include <virtio_pci/virtio_pci.h>

enum { /* section 4.1.4.3: the common configuration */
	COMMON_DEVICE_FEATURE_SELECT = 0,
	COMMON_DEVICE_FEATURE = 4,
	COMMON_DRIVER_FEATURE_SELECT = 8,
	COMMON_DRIVER_FEATURE = 12,
	COMMON_CONFIG_VECTOR = 16,
	COMMON_QUEUES = 18,
	COMMON_STATUS = 20,
	COMMON_GENERATION = 21,
	COMMON_QUEUE_SELECT = 22,
	COMMON_QUEUE_SIZE = 24,
	COMMON_QUEUE_VECTOR = 26,
	COMMON_QUEUE_ENABLE = 28,
	COMMON_QUEUE_NOTIFY_OFFSET = 30,
	COMMON_QUEUE_DESCS = 32,
	COMMON_QUEUE_AVAIL = 40,
	COMMON_QUEUE_USED = 48,
	COMMON_BYTES = 56,
};

static inline uint8_t read8(virtio_pci_region_t region, size_t offset)
{
	return region.start[offset];
}

static inline void write8(virtio_pci_region_t region, size_t offset, uint8_t value)
{
	region.start[offset] = value;
}

static inline uint16_t read16(virtio_pci_region_t region, size_t offset)
{
	return *(volatile uint16_t *)(region.start + offset);
}

static inline void write16(virtio_pci_region_t region, size_t offset, uint16_t value)
{
	*(volatile uint16_t *)(region.start + offset) = value;
}

static inline uint32_t read32(virtio_pci_region_t region, size_t offset)
{
	return *(volatile uint32_t *)(region.start + offset);
}

static inline void write32(virtio_pci_region_t region, size_t offset, uint32_t value)
{
	*(volatile uint32_t *)(region.start + offset) = value;
}

/* Section 4.1.3.1: 64-bit registers are written by halves. */
static inline void write64(virtio_pci_region_t region, size_t offset, uint64_t value)
{
	write32(region, offset, (uint32_t)value);
	write32(region, offset + 4, (uint32_t)(value >> 32));
}

/** The transport's functions: interrupts by messages, and by a line. */
extern const virtio_transport_t virtio_pci_transport, virtio_pci_line_transport;
