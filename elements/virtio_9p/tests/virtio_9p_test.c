/* SPDX-License-Identifier: Apache-2.0 */
/* A device that echoes the message's bytes into the answer's room, or lies, or is silent. */
#include <axtest.h>
#include <axvirtio.h>
#include <kernel_guard/irq_deliver.h>
#include <virtio_9p/virtio_9p.h>

#define F_MOUNT_TAG 1u

typedef enum lie { HONEST, SILENT, BAD_INDEX, TOO_MANY_BYTES } lie_t;

static lie_t s_lie;

/* Nothing interrupts a test. */
void kernel_guard_irq_deliver(void)
{
}

static virtio_9p_t s_device;

static void device_run(void)
{
	const virtio_desc_t *descs = (const void *)s_axvirtio.queues[0].descs_address, *desc;
	uint8_t message[256];
	size_t bytes = 0, sent = 0;
	uint32_t head;
	if (s_lie == SILENT || !(desc = axvirtio_next_chain(0, &head)))
		return;
	for (;; desc = descs + desc->next) {
		void *piece = (void *)(uintptr_t)desc->address;
		if (!(desc->flags & VIRTIO_DESC_WRITE)) {
			memcpy(message + bytes, piece, desc->bytes);
			bytes += desc->bytes;
		} else {
			size_t step = bytes - sent < desc->bytes ? bytes - sent : desc->bytes;
			memcpy(piece, message + sent, step);
			sent += step;
		}
		if (!(desc->flags & VIRTIO_DESC_NEXT))
			break;
	}
	axvirtio_use(0, s_lie == BAD_INDEX ? 99 : head, (uint32_t)(s_lie == TOO_MANY_BYTES ? 1000 : sent));
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
	struct {
		uint16_t bytes;
		char tag[8];
	} config = { .bytes = (uint16_t)strlen(tag) };
	if (s_device.ring.descs)
		virtio_device_free_ring(&s_axvirtio.device, &s_device.ring);
	s_lie = lie;
	memcpy(config.tag, tag, strlen(tag));
	axvirtio_fresh(VIRTIO_ID_9P, VIRTIO_F_VERSION_1 | F_MOUNT_TAG, &config, sizeof config);
	s_axvirtio.most_queues = 1;
	s_axvirtio.queue_size = 128;
	return virtio_9p_init(&s_device, &s_axvirtio.device, &s_user);
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
		CHECK_EQ(s_axvirtio.status, VIRTIO_STATUS_FAILED);
		CHECK_EQ(exchange(&bytes), AX_ERR_NO_DEVICE);
	}
}

TEST(a_device_without_a_tag_is_refused)
{
	CHECK_EQ(fresh(HONEST, ""), AX_ERR_IO);
	CHECK_EQ(s_axvirtio.status, VIRTIO_STATUS_FAILED);
	CHECK_EQ(s_axvirtio.allocated, 0);
	memcpy(s_axvirtio.config, &(uint16_t){ 256 }, 2);
	CHECK_EQ(virtio_9p_init(&s_device, &s_axvirtio.device, &s_user), AX_ERR_IO);
}
