/* SPDX-License-Identifier: Apache-2.0 */
/* A device that echoes the message's bytes into the answer's room, or lies, or is silent. */
#include <axtest.h>
#include <kernel_guard/irq_deliver.h>
#include <virtio_9p/virtio_9p.h>

#define F_MOUNT_TAG 1u

typedef enum lie { HONEST, SILENT, BAD_INDEX, TOO_MANY_BYTES } lie_t;

static struct {
	uint8_t status, config[64];
	uint64_t features;
	virtio_queue_place_t place;
	uint16_t seen;
	lie_t lie;
	size_t allocated;
} s_model;

/* Nothing interrupts a test. */
void kernel_guard_irq_deliver(void)
{
}

static uint8_t status([[maybe_unused]] virtio_device_t *self)
{
	return s_model.status;
}

static void set_status([[maybe_unused]] virtio_device_t *self, uint8_t value)
{
	s_model.status = value;
}

static uint64_t device_features([[maybe_unused]] virtio_device_t *self)
{
	return s_model.features;
}

static void set_driver_features([[maybe_unused]] virtio_device_t *self, [[maybe_unused]] uint64_t features)
{
}

static uint32_t generation([[maybe_unused]] virtio_device_t *self)
{
	return 0;
}

static uint32_t read_config([[maybe_unused]] virtio_device_t *self, size_t offset, size_t bytes)
{
	uint32_t value = 0;
	CHECK(offset + bytes <= sizeof s_model.config);
	memcpy(&value, s_model.config + offset, bytes);
	return value;
}

static uint16_t queue_max([[maybe_unused]] virtio_device_t *self, uint16_t number)
{
	return number ? 0 : 128;
}

static ax_err_t enable_queue([[maybe_unused]] virtio_device_t *self, const virtio_queue_place_t *place,
			     [[maybe_unused]] virtio_ring_t *ring)
{
	s_model.place = *place;
	return AX_OK;
}

static const virtio_transport_t s_transport = { status,	     set_status, device_features, set_driver_features, generation,
						read_config, NULL,	 queue_max,	  enable_queue,	       NULL };

static void *alloc(size_t bytes)
{
	s_model.allocated += bytes;
	return memset(aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095), 0, bytes);
}

static void free_(void *memory, size_t bytes)
{
	s_model.allocated -= bytes;
	free(memory);
}

static const virtio_memory_t s_memory = { 0, 0, 0, 0, alloc, free_ };
static virtio_device_t s_virtio = { &s_transport, &s_memory, VIRTIO_ID_9P, 0, "test" };
static virtio_9p_t s_device;

static void device_run(void)
{
	const virtio_desc_t *descs = (const virtio_desc_t *)(uintptr_t)s_model.place.descs_address;
	const virtio_avail_t *avail = (const virtio_avail_t *)(uintptr_t)s_model.place.avail_address;
	virtio_used_t *used = (virtio_used_t *)(uintptr_t)s_model.place.used_address;
	uint8_t message[256];
	size_t bytes = 0, sent = 0;
	if (s_model.lie == SILENT || s_model.seen == avail->index)
		return;
	uint16_t head = avail->ring[s_model.seen++ % s_model.place.size];
	for (uint16_t i = head;; i = descs[i].next) {
		void *piece = (void *)(uintptr_t)descs[i].address;
		if (!(descs[i].flags & VIRTIO_DESC_WRITE)) {
			memcpy(message + bytes, piece, descs[i].bytes);
			bytes += descs[i].bytes;
		} else {
			size_t step = bytes - sent < descs[i].bytes ? bytes - sent : descs[i].bytes;
			memcpy(piece, message + sent, step);
			sent += step;
		}
		if (!(descs[i].flags & VIRTIO_DESC_NEXT))
			break;
	}
	used->ring[used->index % s_model.place.size] = (virtio_used_element_t){
		s_model.lie == BAD_INDEX ? 99 : head, (uint32_t)(s_model.lie == TOO_MANY_BYTES ? 1000 : sent) };
	used->index++;
}

static bool wait(virtio_9p_t *self, bool (*is_true)(const void *argument), const void *argument)
{
	for (int i = 0; i < 3 && !is_true(argument); i++) {
		device_run();
		virtio_9p_interrupt(self);
	}
	return is_true(argument);
}

static void wake([[maybe_unused]] virtio_9p_t *self)
{
}

static const virtio_9p_user_t s_user = { wait, wake, true };

static ax_err_t fresh(lie_t lie, const char *tag)
{
	if (s_device.ring.descs)
		virtio_device_free_ring(&s_virtio, &s_device.ring);
	memset(&s_model, 0, sizeof s_model);
	s_model.lie = lie;
	s_model.features = VIRTIO_F_VERSION_1 | F_MOUNT_TAG;
	memcpy(s_model.config, &(uint16_t){ (uint16_t)strlen(tag) }, 2);
	memcpy(s_model.config + 2, tag, strlen(tag));
	return virtio_9p_init(&s_device, &s_virtio, &s_user);
}

static char s_request[2][10] = { "123456789", "abcdefghi" }, s_reply[2][10];

static ax_err_t exchange(size_t *bytes)
{
	const p9_piece_t request[2] = { { s_request[0], 4 }, { s_request[1], 10 } };
	const p9_piece_t reply[2] = { { s_reply[0], 6 }, { s_reply[1], 10 } };
	memset(s_reply, 0, sizeof s_reply);
	return s_device.transport.exchange(s_device.transport.context, request, reply, bytes);
}

TEST(a_message_in_two_pieces_is_answered_in_two)
{
	size_t bytes;
	CHECK_EQ(fresh(HONEST, "/host"), AX_OK);
	CHECK_STR(s_device.tag, "/host");
	for (int i = 0; i < 300; i++) {
		CHECK_EQ(exchange(&bytes), AX_OK);
		CHECK_EQ(bytes, 14);
		CHECK(!memcmp(s_reply[0], "1234ab", 6) && !memcmp(s_reply[1], "cdefghi", 8));
	}
}

TEST(a_device_that_lies_or_is_silent_is_reset_and_gone)
{
	static const struct {
		lie_t lie;
		ax_err_t error;
	} cases[] = { { SILENT, AX_ERR_TIMED_OUT }, { BAD_INDEX, AX_ERR_IO }, { TOO_MANY_BYTES, AX_ERR_IO } };
	for (size_t i = 0; i < 3; i++) {
		size_t bytes;
		CHECK_EQ(fresh(cases[i].lie, "/host"), AX_OK);
		CHECK_EQ(exchange(&bytes), cases[i].error);
		CHECK_EQ(s_model.status, VIRTIO_STATUS_FAILED);
		CHECK_EQ(exchange(&bytes), AX_ERR_NO_DEVICE);
	}
}

TEST(a_device_without_a_tag_is_refused)
{
	CHECK_EQ(fresh(HONEST, ""), AX_ERR_IO);
	CHECK_EQ(s_model.status, VIRTIO_STATUS_FAILED);
	CHECK_EQ(s_model.allocated, 0);
	memcpy(s_model.config, &(uint16_t){ 256 }, 2);
	CHECK_EQ(virtio_9p_init(&s_device, &s_virtio, &s_user), AX_ERR_IO);
}
