/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against a device that is made of this file, which walks the queues as section 2.7 has them. */
#include <axtest.h>
#include <axvirtio.h>
#include <virtio_net/virtio_net.h>

#define MRG_RXBUF (UINT64_C(1) << 15)
#define MAC	  (UINT64_C(1) << 5)
#define ALL	  (VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | UINT64_C(0x1dfff) | MRG_RXBUF)

static virtio_net_t s_net;
static void *s_sent;
static unsigned s_notified;

static void sent([[maybe_unused]] net_device_t *device, void *cookie)
{
	s_sent = cookie;
}

static void notify([[maybe_unused]] net_device_t *device)
{
	s_notified++;
}

static net_device_t *open_card_of(uint64_t offered, uint8_t pairs)
{
	const uint8_t config[12] = { 2, 1, 2, 3, 4, 5, 1, 0, pairs, 0, 0xdc, 5 };
	CHECK_EQ(virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, offered, config, sizeof config), "eth0"), AX_OK);
	s_net.device.sent = sent;
	s_net.device.notify = notify;
	return &s_net.device;
}

static net_device_t *open_card(uint64_t offered)
{
	return open_card_of(offered, 1);
}

static void close_card(void)
{
	for (unsigned i = 0; i < s_net.pair_count; i++) {
		free(s_net.pairs[i].pieces);
		free(s_net.pairs[i].slots);
		virtio_device_free_ring(&s_axvirtio.device, &s_net.pairs[i].receive);
		virtio_device_free_ring(&s_axvirtio.device, &s_net.pairs[i].transmit);
	}
	if (s_net.pair_count > 1)
		virtio_device_free_ring(&s_axvirtio.device, &s_net.control);
}

/* Deliver a frame to this queue, cut into parts of at most @p part bytes. */
static void deliver_to(int queue, const void *frame, size_t bytes, size_t part, uint8_t flags, unsigned lie)
{
	virtio_net_hdr_t header = { .flags = flags, .num_buffers = (uint16_t)((bytes + 12 + part - 1) / part + lie) };
	static uint8_t whole[80000];
	memcpy(whole, &header, sizeof header);
	memcpy(whole + sizeof header, frame, bytes);
	for (size_t at = 0; at < bytes + sizeof header;) {
		uint32_t id;
		const virtio_desc_t *room = axvirtio_next_chain(queue, &id);
		size_t here = bytes + sizeof header - at < part ? bytes + sizeof header - at : part;
		CHECK(room && room->flags == VIRTIO_DESC_WRITE && room->bytes >= here);
		memcpy((void *)room->address, whole + at, here);
		axvirtio_use(queue, id, (uint32_t)here);
		at += here;
	}
}

static void deliver(const void *frame, size_t bytes, size_t part, uint8_t flags, unsigned lie)
{
	deliver_to(0, frame, bytes, part, flags, lie);
}

TEST(the_card_tells_its_address_and_what_it_does)
{
	net_device_t *device = open_card(ALL);
	CHECK(!memcmp(device->address, (uint8_t[]){ 2, 1, 2, 3, 4, 5 }, 6));
	CHECK_EQ(device->mtu, 1500);
	CHECK(device->link_is_up);
	CHECK_EQ(device->offloads, NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6 |
					   NET_OFFLOAD_LRO | NET_OFFLOAD_RX_CHAINS | NET_OFFLOAD_UFO);
	close_card();
}

TEST(without_mergeable_buffers_frames_are_not_put_together)
{
	net_device_t *device = open_card(ALL & ~MRG_RXBUF);
	CHECK(!(device->offloads & (NET_OFFLOAD_LRO | NET_OFFLOAD_RX_CHAINS)));
	close_card();
}

TEST(a_card_without_an_address_is_not_supported)
{
	CHECK_EQ(virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, ALL & ~MAC, "", 1), "eth0"), AX_ERR_NOT_SUPPORTED);
	CHECK(s_axvirtio.status & VIRTIO_STATUS_FAILED);
}

TEST(frames_are_received_without_a_copy_and_their_pieces_offered_again)
{
	net_device_t *device = open_card(ALL);
	uint8_t frame[60] = "a frame of sixty bytes";
	for (int round = 0; round < 1000; round++) {
		deliver(frame, sizeof frame, 4000, 1, 0);
		net_buffer_t *got = net_device_receive(device);
		CHECK(got && !got->next && got->frame_bytes == 60 && got->flags == NET_BUFFER_CHECKED);
		CHECK(!memcmp(got->data, frame, sizeof frame));
		CHECK_EQ((uintptr_t)(got->data + NET_HEADER_BYTES) % 4, 0);
		net_device_return(device, got);
		CHECK(net_device_receive(device) == NULL);
	}
	close_card();
}

TEST(a_long_frame_lies_in_several_pieces)
{
	net_device_t *device = open_card(ALL);
	static uint8_t frame[65000];
	for (size_t i = 0; i < sizeof frame; i++)
		frame[i] = (uint8_t)(i * 13 + i / 256);
	deliver(frame, sizeof frame, 3000, 0, 0);
	net_buffer_t *got = net_device_receive(device);
	CHECK(got && got->frame_bytes == sizeof frame && !got->flags);
	size_t at = 0;
	for (net_buffer_t *piece = got, *next; piece; piece = next) {
		next = piece->next;
		CHECK(!memcmp(piece->data, frame + at, piece->bytes));
		at += piece->bytes;
		net_device_return(device, piece);
	}
	CHECK_EQ(at, sizeof frame);
	close_card();
}

TEST(a_count_of_pieces_that_is_a_lie_costs_the_frame_and_no_more)
{
	net_device_t *device = open_card(ALL);
	uint8_t frame[60] = {};
	deliver(frame, sizeof frame, 4000, 0, 3);
	CHECK(net_device_receive(device) == NULL);
	deliver(frame, sizeof frame, 4000, 0, 60000);
	CHECK(net_device_receive(device) == NULL);
	deliver(frame, 5, 4000, 0, 0);
	CHECK(net_device_receive(device) == NULL);
	CHECK_EQ(s_net.dropped, 3);
	deliver(frame, sizeof frame, 4000, 0, 0);
	CHECK(net_device_receive(device) != NULL);
	close_card();
}

TEST(a_sent_frame_is_read_where_it_lies_and_reclaimed_later)
{
	net_device_t *device = open_card(ALL);
	net_segment_t segments[] = { { "headers", 7 }, { "payload", 7 } };
	net_frame_t frame = { .segments = segments, .segment_count = 2, .cookie = segments, .flags = NET_FRAME_CHECKSUM,
			      .checksum_start = 34, .checksum_offset = 16, .segment_bytes = 1460, .header_bytes = 54 };
	uint32_t id;
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	CHECK(!axvirtio_next_chain(1, &id)); /* not before it is kicked */
	net_device_kick(device);
	const virtio_desc_t *chain = axvirtio_next_chain(1, &id);
	CHECK(chain && chain->flags == VIRTIO_DESC_INDIRECT && chain->bytes == 3 * sizeof *chain);
	const virtio_desc_t *table = (const void *)chain->address;
	const virtio_net_hdr_t *header = (const void *)table[0].address;
	CHECK(header->flags == 1 && header->gso_type == 1 && header->gso_size == 1460 && header->csum_start == 34);
	CHECK(table[1].address == (uintptr_t)segments[0].start && table[2].address == (uintptr_t)segments[1].start);
	net_device_reclaim(device);
	CHECK(!s_sent);
	axvirtio_use(1, id, 0);
	net_device_reclaim(device);
	CHECK(s_sent == segments);
	s_sent = NULL;
	frame.flags |= NET_FRAME_UDP;
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	net_device_kick(device);
	chain = axvirtio_next_chain(1, &id);
	table = (const void *)chain->address;
	CHECK_EQ(((const virtio_net_hdr_t *)table[0].address)->gso_type, 3);
	axvirtio_use(1, id, 0);
	net_device_reclaim(device);
	s_sent = NULL;
	close_card();
}

TEST(a_full_queue_says_so_until_frames_are_reclaimed)
{
	net_device_t *device = open_card(ALL);
	net_segment_t segment = { "frame", 5 };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .cookie = &segment };
	unsigned queued = 0;
	while (net_device_transmit(device, &frame) == NET_QUEUED)
		queued++;
	CHECK_EQ(queued, 64);
	net_device_kick(device);
	uint32_t id;
	CHECK(axvirtio_next_chain(1, &id));
	axvirtio_use(1, id, 0);
	net_device_reclaim(device);
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	close_card();
}

TEST(interrupts_notify_and_tell_of_the_link)
{
	net_device_t *device = open_card(ALL);
	uint8_t frame[60] = {};
	s_notified = 0;
	CHECK(!net_device_arm(device, true));
	deliver(frame, sizeof frame, 4000, 0, 0);
	CHECK(net_device_arm(device, true)); /* it is there already */
	s_axvirtio.why = VIRTIO_INTERRUPT_QUEUE;
	virtio_net_interrupt(&s_net);
	CHECK_EQ(s_notified, 1);
	s_axvirtio.config[6] = 0;
	s_axvirtio.why = VIRTIO_INTERRUPT_CONFIG;
	virtio_net_interrupt(&s_net);
	CHECK(!device->link_is_up && s_notified == 2);
	close_card();
}

#if VIRTIO_NET_FEATURE_MULTI_QUEUE
#define PAIRS (ALL | UINT64_C(1) << 17 | UINT64_C(1) << 22)

/* The queue that a frame between these ports leaves by. */
static int queue_of(net_device_t *device, uint16_t port)
{
	uint8_t frame[60] = { [36] = (uint8_t)port, [37] = (uint8_t)(port >> 8) };
	net_segment_t segment = { frame, sizeof frame };
	net_frame_t sent_frame = { .segments = &segment, .segment_count = 1, .cookie = &segment };
	uint32_t id;
	CHECK_EQ(net_device_transmit(device, &sent_frame), NET_QUEUED);
	net_device_kick(device);
	for (int queue = 1; queue < 4; queue += 2) {
		if (!axvirtio_next_chain(queue, &id))
			continue;
		axvirtio_use(queue, id, 0);
		net_device_reclaim(device);
		return queue;
	}
	return -1;
}

static void answer(uint8_t what)
{
	uint32_t id;
	const virtio_desc_t *chain = axvirtio_next_chain(4, &id);
	CHECK(chain && chain->bytes == 2 && !memcmp((void *)chain->address, (uint8_t[]){ 4, 0 }, 2));
	const virtio_desc_t *table = (const void *)s_axvirtio.queues[4].descs_address;
	const virtio_desc_t *pairs = &table[chain->next], *last = &table[pairs->next];
	CHECK(pairs->bytes == 2 && !memcmp((void *)pairs->address, (uint8_t[]){ 2, 0 }, 2));
	CHECK(last->bytes == 1 && last->flags == VIRTIO_DESC_WRITE);
	*(uint8_t *)last->address = what;
	axvirtio_use(4, id, 1);
}

TEST(frames_arrive_by_all_pairs_and_leave_by_that_of_their_connection_once_the_card_agrees)
{
	net_device_t *device = open_card_of(PAIRS, 2);
	uint8_t frame[60] = {};
	unsigned by[4] = {};
	CHECK_EQ(s_net.pair_count, 2);
	for (uint16_t port = 0; port < 50; port++)
		CHECK_EQ(queue_of(device, port), 1); /* it has not answered */
	deliver_to(2, frame, sizeof frame, 4000, 0, 0);
	deliver_to(0, frame, sizeof frame, 4000, 0, 0);
	net_buffer_t *one = net_device_receive(device), *other = net_device_receive(device);
	CHECK(one && other);
	net_device_return(device, other);
	net_device_return(device, one);
	answer(0);
	CHECK(!net_device_receive(device));
	for (uint16_t port = 0; port < 100; port++) {
		int queue = queue_of(device, port);
		CHECK(queue > 0 && queue_of(device, port) == queue);
		by[queue]++;
	}
	CHECK(by[1] > 20 && by[3] > 20);
	CHECK(!net_device_arm(device, true));
	deliver_to(2, frame, sizeof frame, 4000, 0, 0);
	CHECK(net_device_arm(device, true));
	close_card();
}

TEST(a_card_that_refuses_pairs_has_one)
{
	net_device_t *device = open_card_of(PAIRS, 2);
	answer(1);
	CHECK(!net_device_receive(device));
	for (uint16_t port = 0; port < 50; port++)
		CHECK_EQ(queue_of(device, port), 1);
	close_card();
}

TEST(a_card_of_no_pairs_or_of_more_than_can_be_says_what_cannot_be)
{
	static const uint8_t none[12] = { 2, 1, 2, 3, 4, 5, 1, 0, 0, 0, 0xdc, 5 };
	CHECK_EQ(virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, PAIRS, none, sizeof none), "eth0"), AX_ERR_IO);
	static const uint8_t many[12] = { 2, 1, 2, 3, 4, 5, 1, 0, 1, 0xff, 0xdc, 5 };
	CHECK_EQ(virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, PAIRS, many, sizeof many), "eth0"), AX_ERR_IO);
	CHECK_EQ(s_axvirtio.allocated, 0);
}
#endif
