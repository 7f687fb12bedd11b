/* SPDX-License-Identifier: Apache-2.0 */
/* The registers behind virtio_device: VirtIO 1.2, section 4.1.4. */
#include <base/base.h>
#include "registers.h"

static virtio_pci_t *of(virtio_device_t *device)
{
	return container_of(device, virtio_pci_t, device);
}

static uint8_t status(virtio_device_t *device)
{
	return read8(of(device)->common, COMMON_STATUS);
}

static void set_status(virtio_device_t *device, uint8_t value)
{
	write8(of(device)->common, COMMON_STATUS, value);
}

static uint64_t device_features(virtio_device_t *device)
{
	virtio_pci_region_t common = of(device)->common;
	write32(common, COMMON_DEVICE_FEATURE_SELECT, 0);
	uint64_t features = read32(common, COMMON_DEVICE_FEATURE);
	write32(common, COMMON_DEVICE_FEATURE_SELECT, 1);
	return features | (uint64_t)read32(common, COMMON_DEVICE_FEATURE) << 32;
}

static void set_driver_features(virtio_device_t *device, uint64_t features)
{
	virtio_pci_region_t common = of(device)->common;
	write32(common, COMMON_DRIVER_FEATURE_SELECT, 0);
	write32(common, COMMON_DRIVER_FEATURE, (uint32_t)features);
	write32(common, COMMON_DRIVER_FEATURE_SELECT, 1);
	write32(common, COMMON_DRIVER_FEATURE, (uint32_t)(features >> 32));
	write16(common, COMMON_CONFIG_VECTOR, of(device)->vector);
}

static uint32_t config_generation(virtio_device_t *device)
{
	return read8(of(device)->common, COMMON_GENERATION);
}

static uint32_t read_config(virtio_device_t *device, size_t offset, size_t bytes)
{
	virtio_pci_region_t config = of(device)->config;
	if (offset > config.bytes || bytes > config.bytes - offset)
		return 0;
	return bytes == 1 ? read8(config, offset) : bytes == 2 ? read16(config, offset) : read32(config, offset);
}

static void write_config(virtio_device_t *device, size_t offset, size_t bytes, uint32_t value)
{
	virtio_pci_region_t config = of(device)->config;
	if (offset > config.bytes || bytes > config.bytes - offset)
		return;
	if (bytes == 1)
		write8(config, offset, (uint8_t)value);
	else if (bytes == 2)
		write16(config, offset, (uint16_t)value);
	else
		write32(config, offset, value);
}

static uint16_t queue_max(virtio_device_t *device, uint16_t number)
{
	virtio_pci_region_t common = of(device)->common;
	if (number >= read16(common, COMMON_QUEUES))
		return 0;
	write16(common, COMMON_QUEUE_SELECT, number);
	return read16(common, COMMON_QUEUE_SIZE);
}

static ax_err_t enable_queue(virtio_device_t *device, const virtio_queue_place_t *place, virtio_ring_t *ring)
{
	const virtio_pci_t *self = of(device);
	virtio_pci_region_t common = self->common;
	write16(common, COMMON_QUEUE_SELECT, place->number);
	uint64_t doorbell = (uint64_t)read16(common, COMMON_QUEUE_NOTIFY_OFFSET) * self->notify_multiplier;
	if (doorbell > self->notify.bytes - 2 || doorbell % 2)
		return AX_ERR_IO;
	write16(common, COMMON_QUEUE_SIZE, place->size);
	write16(common, COMMON_QUEUE_VECTOR, self->vector);
	/* Section 4.1.4.3: the device says so where it has no resources for the vector. */
	if (read16(common, COMMON_QUEUE_VECTOR) != self->vector)
		return AX_ERR_IO;
	write64(common, COMMON_QUEUE_DESCS, place->descs_address);
	write64(common, COMMON_QUEUE_AVAIL, place->avail_address);
	write64(common, COMMON_QUEUE_USED, place->used_address);
	write16(common, COMMON_QUEUE_ENABLE, 1);
	ring->doorbell = self->notify.start + doorbell;
	ring->doorbell_is_wide = false;
	return AX_OK;
}

static uint32_t acknowledge(virtio_device_t *device)
{
	return read8(of(device)->isr, 0);
}

#define REGISTERS                                                                            \
	status, set_status, device_features, set_driver_features, config_generation, read_config, \
		write_config, queue_max, enable_queue

const virtio_transport_t virtio_pci_transport = { REGISTERS, NULL };
const virtio_transport_t virtio_pci_line_transport = { REGISTERS, acknowledge };
