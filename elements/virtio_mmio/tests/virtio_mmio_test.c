/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <virtio_mmio/virtio_mmio.h>

static uint32_t s_window[128];
static virtio_mmio_t s_device;

static void *alloc(size_t bytes)
{
	return aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
}

static void free_(void *memory, [[maybe_unused]] size_t bytes)
{
	free(memory);
}

static const virtio_memory_t s_memory = { 0, 0, 0, 0x10000, alloc, free_ };

static void fresh(void)
{
	memset(s_window, 0, sizeof s_window);
	s_window[0] = 0x74726976;
	s_window[1] = 2;
	s_window[2] = VIRTIO_ID_BLOCK;
	s_window[4] = 1; /* in both halves of the features */
	s_window[13] = 32;
}

static ax_err_t init(void)
{
	return virtio_mmio_init(&s_device, s_window, sizeof s_window, &s_memory, "test");
}

TEST(a_window_is_a_device_an_empty_place_or_something_else)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	CHECK_EQ(s_device.device.id, VIRTIO_ID_BLOCK);
	s_window[1] = 1;
	CHECK_EQ(init(), AX_ERR_NOT_SUPPORTED);
	s_window[2] = 0;
	CHECK_EQ(init(), AX_ERR_NOT_FOUND);
	s_window[0] = 0;
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
}

TEST(a_queue_is_set_up_and_its_doorbell_found)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	CHECK_EQ(virtio_device_begin(&s_device.device, 1), AX_OK);
	CHECK_EQ(s_window[8], 1); /* the upper half, VIRTIO_F_VERSION_1, was written last */
	virtio_ring_t ring;
	CHECK_EQ(virtio_device_make_ring(&s_device.device, 0, 128, 0, 0, &ring), AX_OK);
	CHECK_EQ(ring.size, 32);
	CHECK_EQ(s_window[0x38 / 4], 32);
	CHECK(ring.doorbell == &s_window[0x50 / 4] && ring.doorbell_is_wide);
	CHECK_EQ(s_window[0x80 / 4], (uint32_t)((uintptr_t)ring.descs + 0x10000));
	CHECK_EQ(s_window[0x84 / 4], ((uintptr_t)ring.descs + 0x10000) >> 32);
	CHECK_EQ(s_window[0x44 / 4], 1);
	virtio_device_start(&s_device.device);
	CHECK_EQ(s_window[0x70 / 4], 15);
	virtio_device_free_ring(&s_device.device, &ring);
}

TEST(an_interrupt_is_acknowledged_by_what_was_read)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	CHECK_EQ(virtio_device_acknowledge(&s_device.device), 0);
	s_window[0x60 / 4] = 0xfffffffd;
	CHECK_EQ(virtio_device_acknowledge(&s_device.device), VIRTIO_INTERRUPT_QUEUE);
	CHECK_EQ(s_window[0x64 / 4], VIRTIO_INTERRUPT_QUEUE);
}

TEST(configuration_ends_with_the_window)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	s_window[127] = 0x11223344;
	uint32_t words[2];
	virtio_device_read_config(&s_device.device, 0xfc, words, sizeof words);
	CHECK_EQ(words[0], 0x11223344);
	CHECK_EQ(words[1], 0);
}

TEST(the_kernel_parameter_names_a_window)
{
	virtio_mmio_place_t place;
	CHECK_EQ(virtio_mmio_read_parameter("512@0xfeb00000:12", &place), AX_OK);
	CHECK(place.bytes == 512 && place.paddr == 0xfeb00000 && place.irq == 12);
	CHECK_EQ(virtio_mmio_read_parameter("4K@3489660928:5:1", &place), AX_OK);
	CHECK(place.bytes == 4096 && place.paddr == 3489660928 && place.irq == 5);
	static const char *const bad[] = { "", "512", "512@", "512@0x:12", "@1:2", "512@1:2:", "512@1:2 ", "512@1:70000", "x@1:2",
					   "512@0x10000000000000000:1", "5000000000@1:2" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_EQ(virtio_mmio_read_parameter(bad[i], &place), AX_ERR_INVALID_INPUT);
}
