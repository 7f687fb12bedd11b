/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the device, and its interrupts: VirtIO 1.2, sections 5.1.2 to 5.1.5. */
#include <base/base.h>
#include <driver_net/driver.h>
#include "private.h"

/* Section 5.1.3. */
#define F_CSUM       (UINT64_C(1) << 0)
#define F_GUEST_CSUM (UINT64_C(1) << 1)
#define F_MTU        (UINT64_C(1) << 3)
#define F_MAC        (UINT64_C(1) << 5)
#define F_GUEST_TSO4 (UINT64_C(1) << 7)
#define F_GUEST_TSO6 (UINT64_C(1) << 8)
#define F_HOST_TSO4  (UINT64_C(1) << 11)
#define F_HOST_TSO6  (UINT64_C(1) << 12)
#define F_HOST_UFO   (UINT64_C(1) << 14)
#define F_MRG_RXBUF  (UINT64_C(1) << 15)
#define F_STATUS     (UINT64_C(1) << 16)
#define F_CTRL_VQ    (UINT64_C(1) << 17)
#define F_MQ         (UINT64_C(1) << 22)
#define PAIRS        (VIRTIO_NET_PAIRS > 1 ? F_CTRL_VQ | F_MQ : 0)
#define WITHOUT_LRO  (F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_HOST_TSO4 | F_HOST_TSO6 | F_HOST_UFO | F_MRG_RXBUF | F_STATUS | \
		      PAIRS)
#define WANTED       (WITHOUT_LRO | F_GUEST_TSO4 | F_GUEST_TSO6)

/* Section 5.1.4. */
struct config {
	uint8_t mac[NET_ADDRESS_BYTES];
	uint16_t status, max_virtqueue_pairs, mtu;
};
_Static_assert(offsetof(struct config, mtu) == 10, "section 5.1.4");

enum { S_LINK_UP = 1, MTU_MIN = 576, RECEIVE = 0, TRANSMIT = 1, PAIRS_LEAST = 1, PAIRS_MOST = 0x8000, CONTROL_QUEUE = 4 };

NET_DRIVER(virtio_net_ops, virtio_net_receive, virtio_net_give_back, virtio_net_transmit, virtio_net_kick,
	   virtio_net_reclaim, virtio_net_arm);

/* Frames longer than a piece come only to a driver that can take them in several. */
static ax_err_t negotiate(virtio_net_t *self)
{
	ax_err_t error = virtio_device_begin(self->virtio, WANTED);
	self->merges = !error && virtio_device_has(self->virtio, F_MRG_RXBUF);
	return error || self->merges ? error : virtio_device_begin(self->virtio, WITHOUT_LRO);
}

static void read_link(virtio_net_t *self)
{
	struct config config;
	virtio_device_read_config(self->virtio, 0, &config, offsetof(struct config, max_virtqueue_pairs));
	self->device.link_is_up = !virtio_device_has(self->virtio, F_STATUS) || (config.status & S_LINK_UP);
}

static ax_err_t describe(virtio_net_t *self)
{
	static const struct {
		uint64_t feature;
		net_offload_t offload;
	} offloads[] = {
		{ F_CSUM, NET_OFFLOAD_TX_CHECKSUM }, { F_GUEST_CSUM, NET_OFFLOAD_RX_CHECKSUM }, { F_HOST_TSO4, NET_OFFLOAD_TSO4 },
		{ F_HOST_TSO6, NET_OFFLOAD_TSO6 },   { F_GUEST_TSO4, NET_OFFLOAD_LRO },		{ F_MRG_RXBUF, NET_OFFLOAD_RX_CHAINS },
		{ F_HOST_UFO, NET_OFFLOAD_UFO },
	};
	net_device_t *device = &self->device;
	struct config config = {};
	if (!virtio_device_has(self->virtio, F_MAC))
		return AX_ERR_NOT_SUPPORTED;
	virtio_device_read_config(self->virtio, 0, &config, sizeof config);
	__builtin_memcpy(device->address, config.mac, sizeof config.mac);
	device->mtu = NET_MTU;
	if (virtio_device_has(self->virtio, F_MTU))
		device->mtu = AX_MIN(config.mtu, (uint16_t)NET_MTU);
	for (size_t i = 0; i < ARRAY_SIZE(offloads); i++)
		device->offloads |= virtio_device_has(self->virtio, offloads[i].feature) ? offloads[i].offload : 0;
	read_link(self);
	return device->mtu < MTU_MIN ? AX_ERR_IO : AX_OK;
}

static ax_err_t make_pair(virtio_net_t *self, unsigned number)
{
	virtio_device_t *virtio = self->virtio;
	virtio_net_pair_t *pair = &self->pairs[number];
	uint16_t first = (uint16_t)(2 * number);
	ax_err_t error = virtio_device_make_ring(virtio, first + RECEIVE, VIRTIO_NET_QUEUE, 0, 0, &pair->receive);
	if (error)
		return error;
	error = virtio_device_make_ring(virtio, first + TRANSMIT, VIRTIO_NET_QUEUE, VIRTIO_NET_QUEUE, 1 + NET_SEGMENTS_MAX,
					&pair->transmit);
	if (error)
		return error;
	pair->pieces = virtio->memory->alloc(pair->receive.size * sizeof *pair->pieces);
	pair->slots = virtio->memory->alloc(pair->transmit.size * sizeof *pair->slots);
	if (!pair->pieces || !pair->slots)
		return AX_ERR_NO_MEMORY;
	virtio_ring_disable_interrupts(&pair->receive);
	virtio_ring_disable_interrupts(&pair->transmit);
	for (size_t i = pair->transmit.size; i--;) {
		pair->slots[i].next_free = pair->free_slot;
		pair->free_slot = &pair->slots[i];
	}
	for (size_t i = 0; i < pair->receive.size; i++) {
		pair->pieces[i].pair = pair;
		virtio_net_offer(self, &pair->pieces[i]);
	}
	self->device.receive_buffers = pair->receive.size; /* all that is lent may be one pair's */
	return AX_OK;
}

/* The control queue is behind all the pairs that the card has, and not only those that are used: section 5.1.2. */
static ax_err_t make_queues(virtio_net_t *self)
{
	uint16_t most = 1;
	if (virtio_device_has(self->virtio, F_MQ) && virtio_device_has(self->virtio, F_CTRL_VQ)) /* else the field may be missing */
		virtio_device_read_config(self->virtio, offsetof(struct config, max_virtqueue_pairs), &most, sizeof most);
	if (most < PAIRS_LEAST || most > PAIRS_MOST)
		return AX_ERR_IO;
	self->pair_count = AX_MIN((unsigned)most, (unsigned)VIRTIO_NET_PAIRS);
	self->transmit_pairs = 1;
	for (unsigned i = 0; i < self->pair_count; i++) {
		ax_err_t error = make_pair(self, i);
		if (error)
			return error;
	}
	if (self->pair_count == 1)
		return AX_OK;
	ax_err_t error = virtio_device_make_ring(self->virtio, (uint16_t)(2 * most), CONTROL_QUEUE, 0, 0, &self->control);
	if (!error)
		virtio_ring_disable_interrupts(&self->control);
	return error;
}

/* Ask for the pairs: section 5.1.6.5.5. The answer is heard while frames are received. */
static void ask_for_pairs(virtio_net_t *self)
{
	virtio_net_command_t *command = &self->command;
	*command = (virtio_net_command_t){ COMMAND_MQ, COMMAND_MQ_PAIRS_SET, (uint16_t)self->pair_count, !COMMAND_OK };
	uint64_t at = virtio_device_bus_address(self->virtio, command);
	virtio_buffer_t buffers[] = { { at, offsetof(virtio_net_command_t, pairs) },
				      { at + offsetof(virtio_net_command_t, pairs), sizeof command->pairs },
				      { at + offsetof(virtio_net_command_t, answer), sizeof command->answer } };
	if (!virtio_ring_add(&self->control, buffers, 2, 1, command))
		virtio_ring_kick(&self->control);
}

static void free_pair(virtio_device_t *virtio, virtio_net_pair_t *pair)
{
	if (pair->pieces)
		virtio->memory->free(pair->pieces, pair->receive.size * sizeof *pair->pieces);
	if (pair->slots)
		virtio->memory->free(pair->slots, pair->transmit.size * sizeof *pair->slots);
	if (pair->transmit.descs)
		virtio_device_free_ring(virtio, &pair->transmit);
	if (pair->receive.descs)
		virtio_device_free_ring(virtio, &pair->receive);
}

static void free_queues(virtio_net_t *self)
{
	for (unsigned i = 0; i < VIRTIO_NET_PAIRS; i++)
		free_pair(self->virtio, &self->pairs[i]);
	if (self->control.descs)
		virtio_device_free_ring(self->virtio, &self->control);
}

ax_err_t virtio_net_init(virtio_net_t *self, virtio_device_t *virtio, const char *name)
{
	*self = (virtio_net_t){ .device.name = name, .virtio = virtio };
	ax_err_t error = negotiate(self);
	if (error)
		return error;
	error = describe(self);
	if (!error)
		error = make_queues(self);
	if (error) {
		virtio_device_fail(virtio);
		free_queues(self);
		return error;
	}
	NET_DRIVER_ATTACH(&self->device, virtio_net_ops);
	virtio_device_start(virtio);
	for (unsigned i = 0; i < self->pair_count; i++)
		virtio_ring_kick(&self->pairs[i].receive);
	if (self->pair_count > 1)
		ask_for_pairs(self);
	return AX_OK;
}

void virtio_net_interrupt(virtio_net_t *self)
{
	uint32_t why = virtio_device_acknowledge(self->virtio);
	if (why & VIRTIO_INTERRUPT_CONFIG)
		read_link(self);
	if (self->device.notify)
		self->device.notify(&self->device);
}
