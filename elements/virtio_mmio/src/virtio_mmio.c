/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the memory-mapped transport: VirtIO 1.2, section 4.2.2. */
#include <base/base.h>
#include <virtio_mmio/virtio_mmio.h>

enum { /* byte offsets, table 4.1 */
	REG_MAGIC = 0x000,
	REG_VERSION = 0x004,
	REG_DEVICE_ID = 0x008,
	REG_DEVICE_FEATURES = 0x010,
	REG_DEVICE_FEATURES_SELECT = 0x014,
	REG_DRIVER_FEATURES = 0x020,
	REG_DRIVER_FEATURES_SELECT = 0x024,
	REG_QUEUE_SELECT = 0x030,
	REG_QUEUE_MAX = 0x034,
	REG_QUEUE_SIZE = 0x038,
	REG_QUEUE_READY = 0x044,
	REG_QUEUE_NOTIFY = 0x050,
	REG_INTERRUPT_STATUS = 0x060,
	REG_INTERRUPT_ACKNOWLEDGE = 0x064,
	REG_STATUS = 0x070,
	REG_QUEUE_DESCS = 0x080,
	REG_QUEUE_AVAIL = 0x090,
	REG_QUEUE_USED = 0x0a0,
	REG_GENERATION = 0x0fc,
};

#define MAGIC   0x74726976u /* "virt" */
#define VERSION 2u

static virtio_mmio_t *of(virtio_device_t *device)
{
	return container_of(device, virtio_mmio_t, device);
}

static uint32_t get(virtio_device_t *device, unsigned offset)
{
	return of(device)->window[offset / 4];
}

static void set(virtio_device_t *device, unsigned offset, uint32_t value)
{
	of(device)->window[offset / 4] = value;
}

static void set_address(virtio_device_t *device, unsigned offset, uint64_t address)
{
	set(device, offset, (uint32_t)address);
	set(device, offset + 4, (uint32_t)(address >> 32));
}

static uint8_t status(virtio_device_t *device)
{
	return (uint8_t)get(device, REG_STATUS);
}

static void set_status(virtio_device_t *device, uint8_t value)
{
	set(device, REG_STATUS, value);
}

static uint64_t device_features(virtio_device_t *device)
{
	set(device, REG_DEVICE_FEATURES_SELECT, 0);
	uint64_t features = get(device, REG_DEVICE_FEATURES);
	set(device, REG_DEVICE_FEATURES_SELECT, 1);
	return features | (uint64_t)get(device, REG_DEVICE_FEATURES) << 32;
}

static void set_driver_features(virtio_device_t *device, uint64_t features)
{
	set(device, REG_DRIVER_FEATURES_SELECT, 0);
	set(device, REG_DRIVER_FEATURES, (uint32_t)features);
	set(device, REG_DRIVER_FEATURES_SELECT, 1);
	set(device, REG_DRIVER_FEATURES, (uint32_t)(features >> 32));
}

static uint32_t config_generation(virtio_device_t *device)
{
	return get(device, REG_GENERATION);
}

/* Section 4.2.2.2: fields are accessed by their own width. */
static volatile uint8_t *config_at(virtio_device_t *device, size_t offset, size_t bytes)
{
	const virtio_mmio_t *self = of(device);
	size_t end = self->bytes - VIRTIO_MMIO_CONFIG;
	if (offset > end || bytes > end - offset)
		return NULL;
	return (volatile uint8_t *)self->window + VIRTIO_MMIO_CONFIG + offset;
}

static uint32_t read_config(virtio_device_t *device, size_t offset, size_t bytes)
{
	volatile uint8_t *at = config_at(device, offset, bytes);
	if (!at)
		return 0;
	return bytes == 1 ? *at : bytes == 2 ? *(volatile uint16_t *)at : *(volatile uint32_t *)at;
}

static void write_config(virtio_device_t *device, size_t offset, size_t bytes, uint32_t value)
{
	volatile uint8_t *at = config_at(device, offset, bytes);
	if (!at)
		return;
	if (bytes == 1)
		*at = (uint8_t)value;
	else if (bytes == 2)
		*(volatile uint16_t *)at = (uint16_t)value;
	else
		*(volatile uint32_t *)at = value;
}

static uint16_t queue_max(virtio_device_t *device, uint16_t number)
{
	set(device, REG_QUEUE_SELECT, number);
	if (get(device, REG_QUEUE_READY))
		return 0;
	return (uint16_t)AX_MIN(get(device, REG_QUEUE_MAX), VIRTIO_RING_MAX_SIZE);
}

static ax_err_t enable_queue(virtio_device_t *device, const virtio_queue_place_t *place, virtio_ring_t *ring)
{
	set(device, REG_QUEUE_SELECT, place->number);
	set(device, REG_QUEUE_SIZE, place->size);
	set_address(device, REG_QUEUE_DESCS, place->descs_address);
	set_address(device, REG_QUEUE_AVAIL, place->avail_address);
	set_address(device, REG_QUEUE_USED, place->used_address);
	set(device, REG_QUEUE_READY, 1);
	ring->doorbell = &of(device)->window[REG_QUEUE_NOTIFY / 4];
	ring->doorbell_is_wide = true;
	return AX_OK;
}

static uint32_t acknowledge(virtio_device_t *device)
{
	uint32_t why = get(device, REG_INTERRUPT_STATUS) & (VIRTIO_INTERRUPT_QUEUE | VIRTIO_INTERRUPT_CONFIG);
	if (why)
		set(device, REG_INTERRUPT_ACKNOWLEDGE, why);
	return why;
}

static const virtio_transport_t s_transport = {
	status,      set_status,   device_features, set_driver_features, config_generation,
	read_config, write_config, queue_max,       enable_queue,        acknowledge,
};

ax_err_t virtio_mmio_init(virtio_mmio_t *self, volatile void *window, size_t bytes, const virtio_memory_t *memory,
			  const char *address)
{
	*self = (virtio_mmio_t){ { &s_transport, memory, 0, 0, address }, window, bytes };
	if (bytes < VIRTIO_MMIO_CONFIG || get(&self->device, REG_MAGIC) != MAGIC)
		return AX_ERR_NO_DEVICE;
	self->device.id = get(&self->device, REG_DEVICE_ID);
	if (!self->device.id)
		return AX_ERR_NOT_FOUND;
	return get(&self->device, REG_VERSION) == VERSION ? AX_OK : AX_ERR_NOT_SUPPORTED;
}
