/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests and fuzzers of virtio drivers: a device of a few queues that is made of memory, and walks them as VirtIO 1.2,
 * section 2.7 has them. What it puts into them is the test's. Include it in one file of a test binary.
 */
#pragma once

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <virtio_device/virtio_device.h>

enum { AXVIRTIO_QUEUES = 5, AXVIRTIO_QUEUE_SIZE = 64 };

static struct {
	virtio_device_t device;
	uint64_t offered, chosen;     /* features */
	uint8_t status, config[64];
	uint32_t why;                 /* it interrupts */
	uint16_t most_queues, queue_size;
	size_t resets, allocated;
	bool no_memory;
	virtio_queue_place_t queues[AXVIRTIO_QUEUES];
	uint16_t seen[AXVIRTIO_QUEUES]; /* available entries that the device has gone through */
} s_axvirtio;

static uint8_t axvirtio_get_status([[maybe_unused]] virtio_device_t *self)
{
	return s_axvirtio.status;
}

static void axvirtio_set_status([[maybe_unused]] virtio_device_t *self, uint8_t status)
{
	s_axvirtio.status = status;
	s_axvirtio.resets += !status;
}

static uint64_t axvirtio_device_features([[maybe_unused]] virtio_device_t *self)
{
	return s_axvirtio.offered;
}

static void axvirtio_set_driver_features([[maybe_unused]] virtio_device_t *self, uint64_t features)
{
	assert(!(features & ~s_axvirtio.offered));
	s_axvirtio.chosen = features;
}

static uint32_t axvirtio_config_generation([[maybe_unused]] virtio_device_t *self)
{
	return 0;
}

static uint32_t axvirtio_read_config([[maybe_unused]] virtio_device_t *self, size_t offset, size_t bytes)
{
	uint32_t value = 0;
	assert(offset + bytes <= sizeof s_axvirtio.config);
	memcpy(&value, s_axvirtio.config + offset, bytes);
	return value;
}

static void axvirtio_write_config([[maybe_unused]] virtio_device_t *self, [[maybe_unused]] size_t offset,
				  [[maybe_unused]] size_t bytes, [[maybe_unused]] uint32_t value)
{
}

static uint16_t axvirtio_queue_max([[maybe_unused]] virtio_device_t *self, uint16_t number)
{
	return number < s_axvirtio.most_queues ? s_axvirtio.queue_size : 0;
}

static ax_err_t axvirtio_enable_queue([[maybe_unused]] virtio_device_t *self, const virtio_queue_place_t *place, virtio_ring_t *ring)
{
	s_axvirtio.queues[place->number] = *place;
	s_axvirtio.seen[place->number] = 0;
	ring->doorbell = NULL;
	return AX_OK;
}

static uint32_t axvirtio_acknowledge([[maybe_unused]] virtio_device_t *self)
{
	uint32_t why = s_axvirtio.why;
	s_axvirtio.why = 0;
	return why;
}

static void *axvirtio_alloc(size_t bytes)
{
	void *memory = s_axvirtio.no_memory ? NULL : aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
	s_axvirtio.allocated += memory ? bytes : 0;
	return memory ? memset(memory, 0, bytes) : NULL;
}

static void axvirtio_free(void *memory, size_t bytes)
{
	s_axvirtio.allocated -= bytes;
	free(memory);
}

/** A fresh device of this type, which offers @p features. */
static virtio_device_t *axvirtio_fresh(uint32_t id, uint64_t features, const void *config, size_t config_bytes)
{
	static const virtio_transport_t transport = {
		axvirtio_get_status, axvirtio_set_status, axvirtio_device_features, axvirtio_set_driver_features,
		axvirtio_config_generation, axvirtio_read_config, axvirtio_write_config, axvirtio_queue_max, axvirtio_enable_queue,
		axvirtio_acknowledge,
	};
	static const virtio_memory_t memory = { .alloc = axvirtio_alloc, .free = axvirtio_free };
	memset(&s_axvirtio, 0, sizeof s_axvirtio);
	s_axvirtio.offered = features;
	s_axvirtio.most_queues = AXVIRTIO_QUEUES;
	s_axvirtio.queue_size = AXVIRTIO_QUEUE_SIZE;
	memcpy(s_axvirtio.config, config, config_bytes);
	s_axvirtio.device = (virtio_device_t){ .transport = &transport, .memory = &memory, .id = id, .address = "test" };
	return &s_axvirtio.device;
}

/** The next chain that the driver has made available, or NULL. */
static const virtio_desc_t *axvirtio_next_chain(int number, uint32_t *id)
{
	const virtio_queue_place_t *queue = &s_axvirtio.queues[number];
	const virtio_avail_t *avail = (const void *)queue->avail_address;
	if (avail->index == s_axvirtio.seen[number])
		return NULL;
	*id = avail->ring[s_axvirtio.seen[number]++ % queue->size];
	return (const virtio_desc_t *)queue->descs_address + *id;
}

/** Say of chain @p id that it has been used. */
static void axvirtio_use(int number, uint32_t id, uint32_t bytes)
{
	virtio_used_t *used = (void *)s_axvirtio.queues[number].used_address;
	used->ring[used->index % s_axvirtio.queues[number].size] = (virtio_used_element_t){ id, bytes };
	used->index++;
}
