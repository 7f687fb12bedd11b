/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the card (section 4.6), and its interrupts (section 10.2.4). */
#include <driver_net/driver.h>
#include "private.h"

enum {
	CTRL_SET_LINK_UP = 1u << 6, CTRL_RESET = 1u << 26,
	STATUS_LINK_UP = 1u << 1,
	RAH_VALID = 1u << 31,
	RCTL_ENABLE = 1u << 1, RCTL_ALL_MULTICAST = 1u << 4, RCTL_BROADCAST = 1u << 15, RCTL_STRIP_CRC = 1u << 26,
	TCTL_ENABLE = 1u << 1, TCTL_PAD_SHORT = 1u << 3, TCTL_COLLISIONS = 0xf0, TCTL_DISTANCE = 0x3f000,
	TIPG_COPPER = 0x00602006,
	RXCSUM_IP = 1u << 8, RXCSUM_TCP_UDP = 1u << 9,
	MTA_WORDS = 128,
	RING_BYTES = E1000E_RING * 16,
	PIECES_BYTES = RING_MASK * sizeof(e1000e_piece_t), /* one descriptor stays empty: head and tail differ in a full ring */
	SLOTS_BYTES = E1000E_RING * sizeof(e1000e_slot_t),
	RESET_NS = 100000000,
};

static bool arm(net_device_t *device, bool wanted)
{
	e1000e_t *self = e1000e_of(device);
	e1000e_host_write(self->registers, wanted ? REG_IMS : REG_IMC, INTERRUPTS);
	return wanted && e1000e_has_received(self);
}

NET_DRIVER(e1000e_ops, e1000e_receive, e1000e_give_back, e1000e_transmit, e1000e_kick, e1000e_reclaim, arm);

static ax_err_t reset(e1000e_t *self)
{
	uint64_t deadline_ns = e1000e_host_now_ns() + RESET_NS;
	e1000e_host_write(self->registers, REG_IMC, UINT32_MAX);
	e1000e_host_write(self->registers, REG_CTRL, e1000e_host_read(self->registers, REG_CTRL) | CTRL_RESET);
	while (e1000e_host_read(self->registers, REG_CTRL) & CTRL_RESET) {
		if (e1000e_host_now_ns() > deadline_ns)
			return AX_ERR_IO;
	}
	e1000e_host_write(self->registers, REG_IMC, UINT32_MAX);
	(void)e1000e_host_read(self->registers, REG_ICR);
	e1000e_host_write(self->registers, REG_CTRL, e1000e_host_read(self->registers, REG_CTRL) | CTRL_SET_LINK_UP);
	return AX_OK;
}

static void read_link(e1000e_t *self)
{
	self->device.link_is_up = e1000e_host_read(self->registers, REG_STATUS) & STATUS_LINK_UP;
}

static ax_err_t describe(e1000e_t *self)
{
	net_device_t *device = &self->device;
	uint32_t low = e1000e_host_read(self->registers, REG_RAL0), high = e1000e_host_read(self->registers, REG_RAH0);
	for (unsigned i = 0; i < NET_ADDRESS_BYTES; i++)
		device->address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	device->mtu = NET_MTU;
	device->offloads = NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6;
	device->receive_buffers = RING_MASK;
	read_link(self);
	return high & RAH_VALID ? AX_OK : AX_ERR_NOT_SUPPORTED;
}

static void free_rings(e1000e_t *self)
{
	if (self->receive)
		e1000e_host_free(self->receive, RING_BYTES);
	if (self->transmit)
		e1000e_host_free(self->transmit, RING_BYTES);
	if (self->pieces)
		e1000e_host_free(self->pieces, PIECES_BYTES);
	if (self->slots)
		e1000e_host_free(self->slots, SLOTS_BYTES);
}

static void place_ring(e1000e_t *self, uint32_t base, const void *ring)
{
	uint64_t address = e1000e_host_bus_address(ring);
	e1000e_host_write(self->registers, base + RING_LOW, (uint32_t)address);
	e1000e_host_write(self->registers, base + RING_HIGH, (uint32_t)(address >> 32));
	e1000e_host_write(self->registers, base + RING_LENGTH, RING_BYTES);
	e1000e_host_write(self->registers, base + RING_HEAD, 0);
	e1000e_host_write(self->registers, base + RING_TAIL, 0);
}

static ax_err_t make_rings(e1000e_t *self)
{
	self->receive = e1000e_host_alloc(RING_BYTES);
	self->transmit = e1000e_host_alloc(RING_BYTES);
	self->pieces = e1000e_host_alloc(PIECES_BYTES);
	self->slots = e1000e_host_alloc(SLOTS_BYTES);
	if (!self->receive || !self->transmit || !self->pieces || !self->slots) {
		free_rings(self);
		return AX_ERR_NO_MEMORY;
	}
	for (unsigned i = 0; i < MTA_WORDS; i++)
		e1000e_host_write(self->registers, REG_MTA + 4 * i, 0);
	place_ring(self, REG_RECEIVE_RING, self->receive);
	place_ring(self, REG_TRANSMIT_RING, self->transmit);
	e1000e_host_write(self->registers, REG_RXCSUM, RXCSUM_IP | RXCSUM_TCP_UDP);
	e1000e_host_write(self->registers, REG_RCTL, RCTL_ENABLE | RCTL_ALL_MULTICAST | RCTL_BROADCAST | RCTL_STRIP_CRC);
	e1000e_host_write(self->registers, REG_TIPG, TIPG_COPPER);
	e1000e_host_write(self->registers, REG_TCTL, TCTL_ENABLE | TCTL_PAD_SHORT | TCTL_COLLISIONS | TCTL_DISTANCE);
	return AX_OK;
}

ax_err_t e1000e_init(e1000e_t *self, void *registers, const char *name)
{
	*self = (e1000e_t){ .device.name = name, .registers = registers };
	ax_err_t error = reset(self);
	if (!error)
		error = describe(self);
	if (!error)
		error = make_rings(self);
	if (error)
		return error;
	NET_DRIVER_ATTACH(&self->device, e1000e_ops);
	for (unsigned i = 0; i < RING_MASK; i++)
		e1000e_give_back(&self->device, &self->pieces[i].buffer);
	e1000e_publish(self);
	return AX_OK;
}

/* Reading the causes clears them, and lets go of the line (section 10.2.4.1). */
void e1000e_interrupt(e1000e_t *self)
{
	uint32_t why = e1000e_host_read(self->registers, REG_ICR);
	if (!(why & INTERRUPTS))
		return;
	e1000e_host_write(self->registers, REG_IMC, INTERRUPTS);
	if (why & ICR_LINK)
		read_link(self);
	if (self->device.notify)
		self->device.notify(&self->device);
}
