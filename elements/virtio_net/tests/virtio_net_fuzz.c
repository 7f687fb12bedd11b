/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card that does what the input says: honest, or it lies about indices, lengths and counts, or does not answer. Whatever it
 * does, what the driver lends is a piece of its own that nobody has, no longer than it is; a sent frame's memory comes back
 * once at most; and of an honest card every frame arrives and every sent one comes back.
 *
 * The input is a list of steps: a byte of what (below), a byte of how much.
 */
#include <axvirtio.h>
#include <virtio_net/virtio_net.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum step {
	DELIVER, DELIVER_LONG, RECEIVE, GIVE_BACK, SEND, SEND_PIECES, COMPLETE, RECLAIM, ARM, INTERRUPT, HONEST_STEPS,
	LIE_INDEX = HONEST_STEPS, LIE_LENGTH, LIE_COUNT, LIE_USED_INDEX, LIE_SENT, LIE_LINK, STEPS,
	RX = 0, TX = 1, HELD_MAX = 256, COOKIES = 64,
};

static virtio_net_t s_net;
static net_buffer_t *s_held[HELD_MAX];
static size_t s_held_count;
static bool s_under_way[COOKIES], s_has_lied;
static size_t s_delivered, s_received;

static void sent([[maybe_unused]] net_device_t *device, void *cookie)
{
	bool *mine = cookie;
	assert(mine >= s_under_way && mine < s_under_way + COOKIES && *mine);
	*mine = false;
}

/* Write into the room that there is, and say @p claimed bytes more of the first piece. */
static void deliver(size_t bytes, uint32_t claimed, uint16_t more_pieces, bool lies_of_id)
{
	virtio_net_hdr_t header = {};
	uint32_t ids[32], lengths[32];
	size_t count = 0, left = bytes + sizeof header;
	const virtio_desc_t *room[32];
	const virtio_queue_place_t *queue = &s_axvirtio.queues[RX];
	const virtio_avail_t *avail = (const void *)queue->avail_address;
	if ((uint16_t)(avail->index - s_axvirtio.seen[RX]) * (VIRTIO_NET_PIECE_BYTES - 200u) < left)
		return;
	while (left && count < 32 && (room[count] = axvirtio_next_chain(RX, &ids[count]))) {
		lengths[count] = (uint32_t)(left < room[count]->bytes ? left : room[count]->bytes);
		memset((void *)room[count]->address, 0xa5, lengths[count]);
		left -= lengths[count++];
	}
	header.num_buffers = (uint16_t)(count + more_pieces);
	memcpy((void *)room[0]->address, &header, sizeof header);
	for (size_t i = 0; i < count; i++)
		axvirtio_use(RX, lies_of_id ? ids[i] + 1000 : ids[i], lengths[i] + (i ? 0 : claimed));
	s_delivered++;
}

static void hold(net_buffer_t *frame)
{
	size_t bytes = 0;
	for (net_buffer_t *piece = frame; piece; piece = piece->next) {
		virtio_net_piece_t *whole = (void *)((char *)piece - offsetof(virtio_net_piece_t, buffer));
		assert(whole >= s_net.pieces && whole < s_net.pieces + s_net.receive.size);
		assert(piece->data >= whole->bytes && piece->data + piece->bytes <= whole->bytes + sizeof whole->bytes);
		for (size_t i = 0; i < s_held_count; i++)
			assert(s_held[i] != piece);
		assert(s_held_count < HELD_MAX);
		s_held[s_held_count++] = piece;
		bytes += piece->bytes;
	}
	assert(bytes == frame->frame_bytes && bytes <= NET_FRAME_BYTES_MAX && bytes >= NET_HEADER_BYTES);
	s_received++;
}

static void give_back(size_t count)
{
	while (count-- && s_held_count)
		net_device_return(&s_net.device, s_held[--s_held_count]);
}

static void send(size_t pieces)
{
	static uint8_t bytes[64];
	net_segment_t segments[NET_SEGMENTS_MAX];
	size_t cookie = 0;
	while (cookie < COOKIES && s_under_way[cookie])
		cookie++;
	if (cookie == COOKIES)
		return;
	for (size_t i = 0; i < pieces; i++)
		segments[i] = (net_segment_t){ bytes, sizeof bytes };
	net_frame_t frame = { .segments = segments, .segment_count = pieces, .cookie = &s_under_way[cookie] };
	s_under_way[cookie] = net_device_transmit(&s_net.device, &frame) == NET_QUEUED;
	net_device_kick(&s_net.device);
}

static void complete(uint32_t lie)
{
	uint32_t id;
	if (axvirtio_next_chain(TX, &id))
		axvirtio_use(TX, id + lie, 0);
}

static void take_step(enum step what, uint8_t much)
{
	net_buffer_t *frame;
	s_has_lied |= what >= HONEST_STEPS;
	switch (what) {
	case DELIVER:
		deliver(60u + much, 0, 0, false);
		break;
	case DELIVER_LONG:
		deliver(256u * much + 60, 0, 0, false);
		break;
	case RECEIVE:
		frame = net_device_receive(&s_net.device);
		if (frame)
			hold(frame);
		break;
	case GIVE_BACK:
		give_back(much);
		break;
	case SEND:
		send(1);
		break;
	case SEND_PIECES:
		send(1u + much % NET_SEGMENTS_MAX);
		break;
	case COMPLETE:
		complete(0);
		break;
	case RECLAIM:
		net_device_reclaim(&s_net.device);
		break;
	case ARM:
		(void)net_device_arm(&s_net.device, much & 1);
		break;
	case INTERRUPT:
		s_axvirtio.why = much;
		virtio_net_interrupt(&s_net);
		break;
	case LIE_INDEX:
		deliver(60, 0, 0, true);
		break;
	case LIE_LENGTH:
		deliver(60, 1u << much % 32, 0, false);
		break;
	case LIE_COUNT:
		deliver(much, 0, (uint16_t)(much * 257u), false);
		break;
	case LIE_USED_INDEX:
		((virtio_used_t *)(void *)s_axvirtio.queues[much & 1].used_address)->index += much;
		break;
	case LIE_SENT:
		complete(1u + much);
		break;
	default:
		s_axvirtio.config[6] = much;
		break;
	}
}

/* What an honest card still owes. */
static void settle(void)
{
	net_buffer_t *frame;
	for (int i = 0; i < 2 * AXVIRTIO_QUEUE_SIZE; i++)
		complete(0);
	net_device_reclaim(&s_net.device);
	give_back(HELD_MAX);
	while ((frame = net_device_receive(&s_net.device)))
		hold(frame);
	give_back(HELD_MAX);
	if (s_has_lied)
		return;
	assert(s_received == s_delivered && !s_net.dropped);
	for (size_t i = 0; i < COOKIES; i++)
		assert(!s_under_way[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t config[12] = { 2, 1, 2, 3, 4, 5, 1, 0, 1, 0, 0xdc, 5 };
	const uint64_t features = VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | UINT64_C(0x19fff);
	bool has_events = size && data[0] & 1;
	s_held_count = s_delivered = s_received = 0;
	s_has_lied = false;
	memset(s_under_way, 0, sizeof s_under_way);
	ax_err_t error = virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, features | (has_events ? VIRTIO_F_EVENT_IDX : 0), config,
								 sizeof config), "eth0");
	assert(error == AX_OK);
	s_net.device.sent = sent;
	/* The first byte's second bit: an honest card. */
	unsigned steps = size && data[0] & 2 ? HONEST_STEPS : STEPS;
	for (size_t i = 1; i + 1 < size; i += 2)
		take_step((enum step)(data[i] % steps), data[i + 1]);
	settle();
	axvirtio_free(s_net.pieces, 0);
	axvirtio_free(s_net.slots, 0);
	virtio_device_free_ring(&s_axvirtio.device, &s_net.receive);
	virtio_device_free_ring(&s_axvirtio.device, &s_net.transmit);
	return 0;
}
