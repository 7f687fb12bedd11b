/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio card that lies about indices, lengths and counts of pieces, or does not answer; see axnic_fuzz.h. */
#include <axvirtio.h>
#include <virtio_net/virtio_net.h>

enum nic_lie { LIE_INDEX, LIE_LENGTH, LIE_COUNT, LIE_USED_INDEX, LIE_SENT, LIE_LINK, NIC_LIES, NIC_LONG_STEP = 256 };
enum { RX = 0, TX = 1, PIECES = 32 };

#include <axnic_fuzz.h>

static virtio_net_t s_net;

static net_device_t *nic_open(bool variant)
{
	static const uint8_t config[12] = { 2, 1, 2, 3, 4, 5, 1, 0, 1, 0, 0xdc, 5 };
	const uint64_t features = VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | UINT64_C(0x19fff) | (variant ? VIRTIO_F_EVENT_IDX : 0);
	ax_err_t error = virtio_net_init(&s_net, axvirtio_fresh(VIRTIO_ID_NET, features, config, sizeof config), "eth0");
	assert(error == AX_OK);
	return &s_net.device;
}

static void nic_close(void)
{
	axvirtio_free(s_net.pairs[0].pieces, 0);
	axvirtio_free(s_net.pairs[0].slots, 0);
	virtio_device_free_ring(&s_axvirtio.device, &s_net.pairs[0].receive);
	virtio_device_free_ring(&s_axvirtio.device, &s_net.pairs[0].transmit);
}

/* Write into the room that there is; say that the first piece has @p more bytes, the frame @p more_pieces pieces, of which
 * each has a number that is @p off. */
static bool deliver(size_t bytes, uint32_t more, uint16_t more_pieces, uint32_t off)
{
	virtio_net_hdr_t header = {};
	uint32_t ids[PIECES], lengths[PIECES];
	const virtio_desc_t *room[PIECES];
	size_t count = 0, left = bytes + sizeof header;
	const virtio_avail_t *avail = (const void *)s_axvirtio.queues[RX].avail_address;
	uint16_t there = (uint16_t)(avail->index - s_axvirtio.seen[RX]);
	if (there > AXVIRTIO_QUEUE_SIZE || there * (VIRTIO_NET_PIECE_BYTES - 200u) < left)
		return false;
	while (left && count < PIECES && (room[count] = axvirtio_next_chain(RX, &ids[count]))) {
		lengths[count] = (uint32_t)(left < room[count]->bytes ? left : room[count]->bytes);
		memset((void *)room[count]->address, 0xa5, lengths[count]);
		left -= lengths[count++];
	}
	header.num_buffers = (uint16_t)(count + more_pieces);
	memcpy((void *)room[0]->address, &header, sizeof header);
	for (size_t i = 0; i < count; i++)
		axvirtio_use(RX, ids[i] + off, lengths[i] + (i ? 0 : more));
	return true;
}

static bool nic_deliver(size_t bytes)
{
	return deliver(bytes, 0, 0, 0);
}

static void complete(uint32_t off)
{
	uint32_t id;
	if (axvirtio_next_chain(TX, &id))
		axvirtio_use(TX, id + off, 0);
}

static void nic_complete(void)
{
	complete(0);
}

static void nic_interrupt(uint8_t why)
{
	s_axvirtio.why = why;
	virtio_net_interrupt(&s_net);
}

static void nic_lie(unsigned which, uint8_t much)
{
	switch ((enum nic_lie)which) {
	case LIE_INDEX:
		(void)deliver(AXNIC_SHORTEST, 0, 0, 1000);
		break;
	case LIE_LENGTH:
		(void)deliver(AXNIC_SHORTEST, 1u << much % 32, 0, 0);
		break;
	case LIE_COUNT:
		(void)deliver(much, 0, (uint16_t)(much * 257u), 0);
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

static const uint8_t *nic_room(const net_buffer_t *piece, size_t *bytes)
{
	const virtio_net_piece_t *whole = (const void *)((const char *)piece - offsetof(virtio_net_piece_t, buffer));
	*bytes = sizeof whole->bytes;
	const virtio_net_pair_t *pair = &s_net.pairs[0];
	return whole >= pair->pieces && whole < pair->pieces + pair->receive.size ? whole->bytes : NULL;
}

static uint64_t nic_dropped(void)
{
	return s_net.dropped;
}
