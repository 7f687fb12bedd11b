/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that does what the input says: bytes are the steps of driver and device in turn. Whatever it does, no access
 * leaves the ring's memory, each request comes back exactly once, and at the end, after a reset, all are back.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <virtio_ring/virtio_ring.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUESTS = 256 };

static struct {
	const uint8_t *data;
	size_t left;
} s_input;

static uint8_t next_byte(void)
{
	if (!s_input.left)
		return 0;
	s_input.left--;
	return *s_input.data++;
}

static uint16_t next_word(void)
{
	return (uint16_t)(next_byte() | next_byte() << 8);
}

static bool s_is_out[REQUESTS];

static void took(const bool *request)
{
	size_t index = (size_t)(request - s_is_out);
	assert(index < REQUESTS && s_is_out[index]);
	s_is_out[index] = false;
}

static void add(virtio_ring_t *ring)
{
	uint8_t index = next_byte(), shape = next_byte();
	virtio_buffer_t buffers[32];
	size_t readable = shape % 16, writable = shape / 16;
	for (size_t i = 0; i < readable + writable; i++)
		buffers[i] = (virtio_buffer_t){ 0x1000 * i, next_word() };
	if (!s_is_out[index] && virtio_ring_add(ring, buffers, readable, writable, &s_is_out[index]) == AX_OK)
		s_is_out[index] = true;
}

static void take(virtio_ring_t *ring)
{
	const bool *request;
	uint32_t bytes;
	while ((request = virtio_ring_take(ring, &bytes))) {
		assert(bytes <= 15 * 0xffff);
		took(request);
	}
}

/* The device: uses something, perhaps what it may, or writes anywhere in the shared memory. */
static void device_step(virtio_ring_t *ring, uint8_t *shared, size_t bytes)
{
	uint8_t how = next_byte();
	if (how < 160) {
		uint16_t back = how % 8;
		uint16_t head = ring->avail->ring[(uint16_t)(ring->avail->index - 1 - back) % ring->size];
		ring->used->ring[ring->used->index % ring->size] = (virtio_used_element_t){ head, how < 120 ? 0 : next_word() };
		ring->used->index++;
	} else if (how < 200) {
		ring->used->ring[ring->used->index % ring->size] = (virtio_used_element_t){ next_word(), next_word() };
		ring->used->index = (uint16_t)(ring->used->index + next_byte() % 4);
	} else {
		size_t at = next_word() % bytes;
		shared[at] = next_byte();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	s_input.data = data;
	s_input.left = size;
	memset(s_is_out, 0, sizeof s_is_out);
	uint8_t form = next_byte();
	virtio_ring_shape_t shape = { (uint16_t)(1u << form % 6), form & 0x40 ? 3 : 0, form & 0x40 ? 7 : 0, form & 0x80 };
	size_t bytes = virtio_ring_shared_bytes(&shape);
	uint8_t *shared = calloc(1, bytes); /* exactly these, for the address sanitizer */
	void *own = malloc(virtio_ring_private_bytes(&shape));
	virtio_ring_t ring;
	assert(virtio_ring_init(&ring, &shape, shared, 0x100000, own) == AX_OK);
	while (s_input.left) {
		switch (next_byte() % 8) {
		case 0: case 1: case 2:
			add(&ring);
			break;
		case 3:
			virtio_ring_kick(&ring);
			break;
		case 4: case 5:
			device_step(&ring, shared, bytes);
			break;
		case 6:
			take(&ring);
			break;
		case 7:
			if (next_byte() & 1)
				(void)virtio_ring_enable_interrupts(&ring);
			else
				virtio_ring_disable_interrupts(&ring);
			break;
		}
	}
	take(&ring);
	const bool *request;
	while ((request = virtio_ring_detach(&ring)))
		took(request);
	for (size_t i = 0; i < REQUESTS; i++)
		assert(!s_is_out[i]);
	assert(virtio_ring_is_idle(&ring) && ring.free_count == ring.size);
	free(shared);
	free(own);
	return 0;
}
