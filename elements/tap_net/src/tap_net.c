/* SPDX-License-Identifier: Apache-2.0 */
/* Source: Linux include/uapi/linux/if_tun.h, linux/if.h, linux/virtio_net.h; virtio 1.2, 5.1.6. */
#include <base/base.h>
#include <driver_net/driver.h>
#include <memstr/memstr.h>
#include <tap_net/host.h>
#include <tap_net/tap_net.h>

enum { /* requests of /dev/net/tun and of interfaces */
	TUNSETIFF = 0x400454ca,
	TUNSETOFFLOAD = 0x400454d0,
	TUNSETVNETHDRSZ = 0x400454d8,
	SIOCGIFHWADDR = 0x8927,
};

enum { /* TUNSETIFF */
	IFF_TAP = 0x0002,
	IFF_NO_PI = 0x1000,
	IFF_VNET_HDR = 0x4000,
};

enum { /* TUNSETOFFLOAD */
	TUN_F_CSUM = 1,
	TUN_F_TSO4 = 2,
	TUN_F_TSO6 = 4,
	TUN_F_TSO_ECN = 8,
	TUN_F_UFO = 16,
};

enum { EAGAIN = 11, EBUSY = 16, ENOBUFS = 105 };

struct ifreq {
	char name[TAP_NET_NAME_BYTES];
	union {
		uint16_t flags;
		struct {
			uint16_t family;
			uint8_t address[14];
		};
		uint8_t pad[24];
	};
};
_Static_assert(sizeof(struct ifreq) == 40, "struct ifreq");

struct virtio_net_hdr {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset;
};
_Static_assert(sizeof(struct virtio_net_hdr) == 10, "struct virtio_net_hdr");

enum {
	VIRTIO_NET_HDR_F_NEEDS_CSUM = 1,
	VIRTIO_NET_HDR_F_DATA_VALID = 2,
	VIRTIO_NET_HDR_GSO_NONE = 0,
	VIRTIO_NET_HDR_GSO_TCPV4 = 1,
	VIRTIO_NET_HDR_GSO_UDP = 3,
	VIRTIO_NET_HDR_GSO_TCPV6 = 4,
};

enum {
	IP_ALIGNMENT = 2, /* in front of an Ethernet header, so that what follows it is aligned to 4 bytes */
	PIECE_ROOM = sizeof((tap_net_piece_t *)0)->bytes - IP_ALIGNMENT,
	PIECES_PER_FRAME = (NET_FRAME_BYTES_MAX + PIECE_ROOM - 1) / PIECE_ROOM,
};

static tap_net_t *self_of(net_device_t *device)
{
	return container_of(device, tap_net_t, device);
}

static void put(tap_net_t *self, tap_net_piece_t *piece)
{
	piece->next_free = self->first_free;
	self->first_free = piece;
	self->free_count++;
}

static void tap_give_back(net_device_t *device, net_buffer_t *buffer)
{
	put(self_of(device), container_of(buffer, tap_net_piece_t, buffer));
}

/* Make the @p bytes that lie in the first free pieces a frame. */
static net_buffer_t *take(tap_net_t *self, size_t bytes, const struct virtio_net_hdr *header)
{
	net_buffer_t *first = &self->first_free->buffer, **link = &first;
	uint16_t checked = header->flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID) ? NET_BUFFER_CHECKED : 0;
	for (size_t left = bytes; left;) {
		tap_net_piece_t *piece = self->first_free;
		size_t here = AX_MIN(left, (size_t)PIECE_ROOM);
		self->first_free = piece->next_free;
		self->free_count--;
		piece->buffer.data = piece->bytes + IP_ALIGNMENT;
		piece->buffer.bytes = (uint32_t)here;
		piece->buffer.next = NULL;
		*link = &piece->buffer;
		link = &piece->buffer.next;
		left -= here;
	}
	first->frame_bytes = (uint32_t)bytes;
	first->flags = checked;
	first->segment_bytes = header->gso_type == VIRTIO_NET_HDR_GSO_NONE ? 0 : header->gso_size;
	return first;
}

/* The host tells only by reading how long a frame is: so there is always room for the longest. */
static net_buffer_t *tap_receive(net_device_t *device)
{
	tap_net_t *self = self_of(device);
	struct virtio_net_hdr header;
	struct tap_net_iovec vector[1 + PIECES_PER_FRAME] = { { &header, sizeof header } };
	if (self->free_count < PIECES_PER_FRAME)
		return NULL;
	tap_net_piece_t *piece = self->first_free;
	for (size_t i = 1; i <= PIECES_PER_FRAME; i++, piece = piece->next_free)
		vector[i] = (struct tap_net_iovec){ piece->bytes + IP_ALIGNMENT, PIECE_ROOM };
	for (;;) {
		long got = tap_net_host_readv(self->fd, vector, ARRAY_SIZE(vector));
		if (got < 0)
			return NULL;
		size_t bytes = (size_t)got - sizeof header;
		if ((size_t)got >= sizeof header + NET_HEADER_BYTES && bytes <= NET_FRAME_BYTES_MAX)
			return take(self, bytes, &header);
		self->dropped++;
	}
}

static net_result_t tap_transmit(net_device_t *device, const net_frame_t *frame)
{
	tap_net_t *self = self_of(device);
	struct virtio_net_hdr header = { .gso_type = VIRTIO_NET_HDR_GSO_NONE };
	struct tap_net_iovec vector[1 + NET_SEGMENTS_MAX] = { { &header, sizeof header } };
	if (frame->flags & NET_FRAME_CHECKSUM) {
		header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		header.csum_start = frame->checksum_start;
		header.csum_offset = frame->checksum_offset;
	}
	if (frame->segment_bytes) {
		header.gso_type = frame->flags & NET_FRAME_UDP	  ? VIRTIO_NET_HDR_GSO_UDP
				  : frame->flags & NET_FRAME_IPV6 ? VIRTIO_NET_HDR_GSO_TCPV6
								  : VIRTIO_NET_HDR_GSO_TCPV4;
		header.gso_size = frame->segment_bytes;
		header.hdr_len = frame->header_bytes;
	}
	size_t count = AX_MIN(frame->segment_count, (size_t)NET_SEGMENTS_MAX);
	for (size_t i = 0; i < count; i++)
		vector[1 + i] = (struct tap_net_iovec){ (void *)(uintptr_t)frame->segments[i].start, frame->segments[i].bytes };
	long result = tap_net_host_writev(self->fd, vector, 1 + count);
	if (result == -EAGAIN || result == -ENOBUFS)
		return NET_FULL;
	self->dropped += result < 0;
	return NET_SENT;
}

/* The host has what it was handed already. */
static void tap_kick([[maybe_unused]] net_device_t *device)
{
}

static void tap_reclaim([[maybe_unused]] net_device_t *device)
{
}

static void arrived(void *argument)
{
	net_device_t *device = argument;
	if (device->notify)
		device->notify(device);
}

/* Whether something is there already only a read can tell, which is the caller's: it is asked to look once more. */
static bool tap_arm(net_device_t *device, bool wanted)
{
	tap_net_host_interrupt(self_of(device)->fd, wanted, arrived, device);
	return false;
}

NET_DRIVER(tap_ops, tap_receive, tap_give_back, tap_transmit, tap_kick, tap_reclaim, tap_arm);

static ax_err_t error_of(long result)
{
	switch (result) {
	case -AX_ERR_NOT_PERMITTED:
	case -AX_ERR_ACCESS_DENIED:
		return AX_ERR_ACCESS_DENIED;
	case -EBUSY:
		return AX_ERR_BUSY;
	case -AX_ERR_INVALID_INPUT:
		return AX_ERR_NOT_SUPPORTED;
	default:
		return AX_ERR_NO_DEVICE;
	}
}

/* Attach, and learn the host's own address on this wire: ours differs in the last bit. The header's length stays as who had the
 * device before us has left it (QEMU: 12). */
static long attach(tap_net_t *self)
{
	int header_bytes = sizeof(struct virtio_net_hdr);
	struct ifreq request = { .flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	memcpy(request.name, self->name, sizeof self->name);
	long result = tap_net_host_ioctl(self->fd, TUNSETIFF, &request);
	if (result < 0)
		return result;
	memcpy(self->name, request.name, sizeof self->name - 1);
	result = tap_net_host_ioctl(self->fd, TUNSETVNETHDRSZ, &header_bytes);
	if (result < 0)
		return result;
	result = tap_net_host_ioctl(self->fd, SIOCGIFHWADDR, &request);
	if (result < 0)
		return result;
	memcpy(self->device.address, request.address, NET_ADDRESS_BYTES);
	self->device.address[0] = (uint8_t)((self->device.address[0] | 2) & ~1); /* locally administered, one station's */
	self->device.address[NET_ADDRESS_BYTES - 1] ^= 1;
	return 0;
}

/* An older host may lack some of them. Whether it takes UDP datagrams to be cut is told by its taking that it might send them,
 * which is then taken back: one of 65,507 bytes is longer than a pbuf of a stack may be. */
static uint32_t take_offloads(tap_net_t *self)
{
	uint32_t always = NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6 | NET_OFFLOAD_RX_CHAINS;
	const unsigned long all = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	if (tap_net_host_ioctl(self->fd, TUNSETOFFLOAD, (void *)(all | TUN_F_UFO)) >= 0)
		always |= NET_OFFLOAD_UFO;
	if (tap_net_host_ioctl(self->fd, TUNSETOFFLOAD, (void *)all) >= 0)
		return always | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_LRO;
	return always;
}

ax_err_t tap_net_init(tap_net_t *self, const char *name, void *memory, size_t bytes)
{
	size_t pieces = AX_MIN(bytes / TAP_NET_PIECE_BYTES, (size_t)TAP_NET_PIECES_MAX);
	if (pieces < TAP_NET_PIECES_MIN)
		return AX_ERR_INVALID_INPUT;
	*self = (tap_net_t){};
	memcpy(self->name, name, strnlen(name, sizeof self->name - 1));
	long fd = tap_net_host_open("/dev/net/tun");
	if (fd < 0)
		return error_of(fd);
	self->fd = (int)fd;
	long result = attach(self);
	if (result < 0) {
		tap_net_host_close(self->fd);
		return error_of(result);
	}
	self->device.name = self->name;
	self->device.mtu = NET_MTU;
	self->device.offloads = take_offloads(self);
	self->device.receive_buffers = (uint16_t)(pieces - PIECES_PER_FRAME);
	self->device.link_is_up = true;
	for (size_t i = pieces; i-- > 0;)
		put(self, (tap_net_piece_t *)memory + i);
	NET_DRIVER_ATTACH(&self->device, tap_ops);
	return AX_OK;
}
