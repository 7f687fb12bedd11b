/* SPDX-License-Identifier: Apache-2.0 */
/* Device initialization, VirtIO 1.2 section 3.1, and what all drivers need of the transport. */
#include <base/base.h>
#include <memstr/memstr.h>
#include <virtio_device/virtio_device.h>

/* Looks at the status, and reads of a configuration that keeps changing: a device that needs more is out of order. */
enum { RESET_LOOKS = 1000000, CONFIG_READS = 1000 };

ax_err_t virtio_device_reset(virtio_device_t *self)
{
	self->transport->set_status(self, 0);
	/* Sections 4.1.4.3.2 and 4.2.3.1: the reset is through when it reads as 0. */
	for (unsigned i = 0; i < RESET_LOOKS; i++) {
		if (!self->transport->status(self))
			return AX_OK;
	}
	return AX_ERR_TIMED_OUT;
}

static void add_status(virtio_device_t *self, uint8_t bits)
{
	self->transport->set_status(self, self->transport->status(self) | bits);
}

ax_err_t virtio_device_begin(virtio_device_t *self, uint64_t wanted)
{
	self->features = 0;
	ax_err_t error = virtio_device_reset(self);
	if (error)
		return error;
	add_status(self, VIRTIO_STATUS_ACKNOWLEDGE);
	add_status(self, VIRTIO_STATUS_DRIVER);
	uint64_t features = self->transport->device_features(self) &
			    (wanted | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX);
	if (!(features & VIRTIO_F_VERSION_1)) {
		virtio_device_fail(self);
		return AX_ERR_NOT_SUPPORTED;
	}
	self->transport->set_driver_features(self, features);
	add_status(self, VIRTIO_STATUS_FEATURES_OK);
	if (!(self->transport->status(self) & VIRTIO_STATUS_FEATURES_OK)) {
		virtio_device_fail(self);
		return AX_ERR_NOT_SUPPORTED;
	}
	self->features = features;
	return AX_OK;
}

static virtio_ring_shape_t shape_of(const virtio_ring_t *ring)
{
	return (virtio_ring_shape_t){ ring->size, ring->table_count, ring->table_entries, ring->event_index };
}

static size_t ring_bytes(const virtio_ring_shape_t *shape)
{
	return virtio_ring_shared_bytes(shape) + virtio_ring_private_bytes(shape);
}

ax_err_t virtio_device_make_ring(virtio_device_t *self, uint16_t number, uint16_t size, uint16_t tables,
				 uint16_t table_entries, virtio_ring_t *ring)
{
	uint16_t max = self->transport->queue_max(self, number);
	if (!max)
		return AX_ERR_NOT_FOUND;
	while (size > max) /* a maximum that is no power of two is none of a split queue, but what is below it may be */
		size /= 2;
	bool indirect = virtio_device_has(self, VIRTIO_F_INDIRECT_DESC);
	virtio_ring_shape_t shape = { size, indirect ? tables : 0, indirect ? table_entries : 0,
				      virtio_device_has(self, VIRTIO_F_EVENT_IDX) };
	size_t shared_bytes = virtio_ring_shared_bytes(&shape);
	if (!shared_bytes)
		return AX_ERR_IO;
	char *memory = self->memory->alloc(ring_bytes(&shape));
	if (!memory)
		return AX_ERR_NO_MEMORY;
	ax_err_t error = virtio_ring_init(ring, &shape, memory, virtio_device_bus_address(self, memory), memory + shared_bytes);
	ring->number = number;
	const virtio_queue_place_t place = { number, size, ring->descs_address, ring->avail_address, ring->used_address };
	if (!error)
		error = self->transport->enable_queue(self, &place, ring);
	if (error)
		self->memory->free(memory, ring_bytes(&shape));
	return error;
}

void virtio_device_free_ring(virtio_device_t *self, virtio_ring_t *ring)
{
	virtio_ring_shape_t shape = shape_of(ring);
	self->memory->free(ring->descs, ring_bytes(&shape));
	ring->descs = NULL;
}

void virtio_device_read_config(virtio_device_t *self, size_t offset, void *to, size_t bytes)
{
	for (unsigned i = 0; i < CONFIG_READS; i++) {
		uint32_t generation = self->transport->config_generation(self);
		for (size_t at = 0; at < bytes;) {
			/* Section 2.5.3: fields are read by accesses of their own width, or narrower ones. */
			size_t width = (offset + at) % 4 == 0 && bytes - at >= 4 ? 4 : (offset + at) % 2 == 0 && bytes - at >= 2 ? 2 : 1;
			uint32_t value = self->transport->read_config(self, offset + at, width);
			memcpy((char *)to + at, &value, width);
			at += width;
		}
		if (self->transport->config_generation(self) == generation)
			return;
	}
}

void virtio_device_start(virtio_device_t *self)
{
	add_status(self, VIRTIO_STATUS_DRIVER_OK);
}

void virtio_device_fail(virtio_device_t *self)
{
	(void)virtio_device_reset(self);
	self->transport->set_status(self, VIRTIO_STATUS_FAILED);
}

uint32_t virtio_device_acknowledge(virtio_device_t *self)
{
	return self->transport->acknowledge ? self->transport->acknowledge(self) : VIRTIO_INTERRUPT_QUEUE;
}

bool virtio_device_needs_reset(virtio_device_t *self)
{
	return self->transport->status(self) & VIRTIO_STATUS_NEEDS_RESET;
}
