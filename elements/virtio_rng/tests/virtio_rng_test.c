/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <virtio_rng/virtio_rng.h>

static uint8_t s_status;
static uint64_t s_features;
static virtio_queue_place_t s_place;
static size_t s_allocated;

static uint8_t status([[maybe_unused]] virtio_device_t *self)
{
	return s_status;
}

static void set_status([[maybe_unused]] virtio_device_t *self, uint8_t value)
{
	s_status = value;
}

static uint64_t device_features([[maybe_unused]] virtio_device_t *self)
{
	return s_features;
}

static void set_driver_features([[maybe_unused]] virtio_device_t *self, [[maybe_unused]] uint64_t features)
{
}

static uint16_t queue_max([[maybe_unused]] virtio_device_t *self, uint16_t number)
{
	return number ? 0 : 8;
}

static ax_err_t enable_queue([[maybe_unused]] virtio_device_t *self, const virtio_queue_place_t *place,
			     [[maybe_unused]] virtio_ring_t *ring)
{
	s_place = *place;
	return AX_OK;
}

static const virtio_transport_t s_transport = { status, set_status, device_features, set_driver_features, NULL,
						NULL,	NULL,	    queue_max,	     enable_queue,	  NULL };

static void *alloc(size_t bytes)
{
	s_allocated += bytes;
	return memset(aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095), 0, bytes);
}

static void free_(void *memory, size_t bytes)
{
	s_allocated -= bytes;
	free(memory);
}

static const virtio_memory_t s_memory = { 0, 0, 0, 0, alloc, free_ };
static virtio_device_t s_virtio = { &s_transport, &s_memory, VIRTIO_ID_ENTROPY, 0, "test" };
static virtio_rng_t s_rng;
static uint8_t s_buffer[32];

static void fresh(void)
{
	s_features = VIRTIO_F_VERSION_1;
	CHECK_EQ(virtio_rng_init(&s_rng, &s_virtio), AX_OK);
	CHECK_EQ(virtio_rng_ask(&s_rng, s_buffer, sizeof s_buffer), AX_OK);
}

/* The device fills the buffer with 5, and says that it has written @p bytes. */
static void device_gives(uint32_t bytes)
{
	const virtio_desc_t *desc = (const virtio_desc_t *)(uintptr_t)s_place.descs_address;
	virtio_used_t *used = (virtio_used_t *)(uintptr_t)s_place.used_address;
	CHECK_EQ(desc->flags, VIRTIO_DESC_WRITE);
	memset((void *)(uintptr_t)desc->address, 5, desc->bytes);
	used->ring[used->index % s_place.size] = (virtio_used_element_t){ 0, bytes };
	used->index++;
}

TEST(bytes_come_when_the_device_has_some)
{
	size_t bytes;
	fresh();
	CHECK_EQ(virtio_rng_ask(&s_rng, s_buffer, 1), AX_ERR_BUSY);
	CHECK_EQ(virtio_rng_take(&s_rng, &bytes), AX_ERR_WOULD_BLOCK);
	device_gives(20);
	CHECK_EQ(virtio_rng_take(&s_rng, &bytes), AX_OK);
	CHECK_EQ(bytes, 20);
	CHECK_EQ(s_buffer[19], 5);
	CHECK_EQ(virtio_rng_ask(&s_rng, s_buffer, 4), AX_OK);
	virtio_rng_end(&s_rng);
	CHECK_EQ(s_allocated, 0);
	CHECK_EQ(virtio_rng_ask(&s_rng, s_buffer, 4), AX_ERR_NO_DEVICE);
}

TEST(nothing_and_more_than_was_asked_for_are_lies)
{
	static const uint32_t lies[] = { 0, sizeof s_buffer + 1 };
	for (size_t i = 0; i < 2; i++) {
		size_t bytes;
		fresh();
		device_gives(lies[i]);
		CHECK_EQ(virtio_rng_take(&s_rng, &bytes), AX_ERR_IO);
		CHECK_EQ(s_status, VIRTIO_STATUS_FAILED);
		CHECK_EQ(s_allocated, 0);
		CHECK_EQ(virtio_rng_take(&s_rng, &bytes), AX_ERR_IO);
	}
}

TEST(a_device_of_the_old_interface_is_refused)
{
	s_features = 0;
	CHECK_EQ(virtio_rng_init(&s_rng, &s_virtio), AX_ERR_NOT_SUPPORTED);
	CHECK_EQ(virtio_rng_ask(&s_rng, s_buffer, 4), AX_ERR_NO_DEVICE);
}
