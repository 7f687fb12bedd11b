/* SPDX-License-Identifier: Apache-2.0 */
/* The initialization sequence over a transport that records it, and that refuses where it is told to. */
#include <axtest.h>
#include <virtio_device/virtio_device.h>

static struct {
	uint64_t offered, chosen;
	uint8_t status, log[16];
	size_t logged;
	uint32_t generation, changes;
	bool never_resets, refuses_features, no_memory;
	uint16_t max;
	uint8_t config[16];
} s_model;

static uint8_t status([[maybe_unused]] virtio_device_t *self)
{
	return s_model.status;
}

static void set_status([[maybe_unused]] virtio_device_t *self, uint8_t value)
{
	s_model.log[s_model.logged++ % 16] = value;
	if (s_model.refuses_features)
		value &= ~VIRTIO_STATUS_FEATURES_OK;
	s_model.status = s_model.never_resets && !value ? VIRTIO_STATUS_DRIVER_OK : value;
}

static uint64_t device_features([[maybe_unused]] virtio_device_t *self)
{
	return s_model.offered;
}

static void set_driver_features([[maybe_unused]] virtio_device_t *self, uint64_t features)
{
	s_model.chosen = features;
}

static uint32_t generation([[maybe_unused]] virtio_device_t *self)
{
	return s_model.generation;
}

static uint32_t read_config([[maybe_unused]] virtio_device_t *self, size_t offset, size_t bytes)
{
	uint32_t value = 0;
	memcpy(&value, s_model.config + offset, bytes);
	if (s_model.changes && offset == 4) { /* the device changes all of it half way */
		s_model.changes--;
		s_model.generation++;
		memset(s_model.config, (int)s_model.generation, sizeof s_model.config);
	}
	return value;
}

static void write_config([[maybe_unused]] virtio_device_t *self, [[maybe_unused]] size_t offset,
			 [[maybe_unused]] size_t bytes, [[maybe_unused]] uint32_t value)
{
}

static uint16_t queue_max([[maybe_unused]] virtio_device_t *self, uint16_t number)
{
	return number ? 0 : s_model.max;
}

static ax_err_t enable_queue([[maybe_unused]] virtio_device_t *self, const virtio_queue_place_t *place, virtio_ring_t *ring)
{
	CHECK_EQ(place->size, ring->size);
	return AX_OK;
}

static const virtio_transport_t s_transport = { status,	    set_status,	  device_features, set_driver_features, generation,
						read_config, write_config, queue_max,	   enable_queue,	NULL };

static void *alloc(size_t bytes)
{
	return s_model.no_memory ? NULL : aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
}

static void free_(void *memory, [[maybe_unused]] size_t bytes)
{
	free(memory);
}

static uint8_t s_image[16];
static virtio_memory_t s_memory = { 0, sizeof s_image, 1000, 5, alloc, free_ };
static virtio_device_t s_device = { &s_transport, &s_memory, 1, 0, "test" };

static virtio_device_t *fresh(uint64_t offered)
{
	memset(&s_model, 0, sizeof s_model);
	s_model.offered = offered;
	s_model.max = 64;
	s_memory.image_start = (uintptr_t)s_image;
	return &s_device;
}

TEST(initialization_goes_the_specified_way)
{
	virtio_device_t *device = fresh(VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 6);
	CHECK_EQ(virtio_device_begin(device, 3), AX_OK);
	virtio_device_start(device);
	CHECK_EQ(s_model.logged, 5);
	CHECK(!memcmp(s_model.log, (uint8_t[]){ 0, 1, 3, 11, 15 }, 5));
	CHECK_EQ(s_model.chosen, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 2);
	CHECK(virtio_device_has(device, 2) && !virtio_device_has(device, 1) && !virtio_device_has(device, 4));
	CHECK_EQ(virtio_device_acknowledge(device), VIRTIO_INTERRUPT_QUEUE);
	s_model.status |= VIRTIO_STATUS_NEEDS_RESET;
	CHECK(virtio_device_needs_reset(device));
}

TEST(a_device_that_will_not_is_left_reset_and_failed)
{
	virtio_device_t *device = fresh(1);
	CHECK_EQ(virtio_device_begin(device, 1), AX_ERR_NOT_SUPPORTED);
	CHECK_EQ(s_model.status, VIRTIO_STATUS_FAILED);
	device = fresh(VIRTIO_F_VERSION_1);
	s_model.refuses_features = true;
	CHECK_EQ(virtio_device_begin(device, 1), AX_ERR_NOT_SUPPORTED);
	CHECK_EQ(s_model.status, VIRTIO_STATUS_FAILED);
	device = fresh(VIRTIO_F_VERSION_1);
	s_model.never_resets = true;
	CHECK_EQ(virtio_device_begin(device, 1), AX_ERR_TIMED_OUT);
}

TEST(a_configuration_that_changes_meanwhile_is_read_again)
{
	virtio_device_t *device = fresh(VIRTIO_F_VERSION_1);
	uint8_t config[9];
	s_model.changes = 3;
	virtio_device_read_config(device, 0, config, sizeof config);
	for (size_t i = 0; i < sizeof config; i++)
		CHECK_EQ(config[i], 3);
	s_model.changes = UINT32_MAX; /* for ever: it ends all the same */
	virtio_device_read_config(device, 0, config, sizeof config);
}

TEST(a_ring_is_as_large_as_both_sides_allow)
{
	virtio_device_t *device = fresh(VIRTIO_F_VERSION_1);
	virtio_ring_t ring;
	CHECK_EQ(virtio_device_begin(device, 0), AX_OK);
	s_model.max = 48; /* no power of two */
	CHECK_EQ(virtio_device_make_ring(device, 0, 64, 4, 4, &ring), AX_OK);
	CHECK_EQ(ring.size, 32);
	CHECK_EQ(ring.table_entries, 0); /* no indirect descriptors */
	virtio_device_free_ring(device, &ring);
	CHECK_EQ(virtio_device_make_ring(device, 1, 64, 4, 4, &ring), AX_ERR_NOT_FOUND);
	s_model.no_memory = true;
	CHECK_EQ(virtio_device_make_ring(device, 0, 64, 4, 4, &ring), AX_ERR_NO_MEMORY);
}

TEST(addresses_of_the_image_and_of_other_memory_are_told_apart)
{
	virtio_device_t *device = fresh(0);
	CHECK_EQ(virtio_device_bus_address(device, &s_image[3]), (uintptr_t)&s_image[3] + 1000);
	CHECK_EQ(virtio_device_bus_address(device, &s_image[0] - 1), (uintptr_t)s_image - 1 + 5);
	CHECK_EQ(virtio_device_bus_address(device, s_image + 16), (uintptr_t)s_image + 16 + 5);
}
