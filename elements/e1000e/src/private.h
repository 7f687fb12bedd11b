/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share: registers (chapter 10), driver_net's functions. */
#pragma once

#include <base/base.h>
#include <e1000e/e1000e.h>
#include <e1000e/host.h>

enum {
	REG_CTRL = 0x0000, REG_STATUS = 0x0008, REG_ICR = 0x00c0, REG_IMS = 0x00d0, REG_IMC = 0x00d8,
	REG_RCTL = 0x0100, REG_TCTL = 0x0400, REG_TIPG = 0x0410,
	REG_RECEIVE_RING = 0x2800, REG_TRANSMIT_RING = 0x3800, /* RDBAL and so on, TDBAL and so on: */
	RING_LOW = 0, RING_HIGH = 4, RING_LENGTH = 8, RING_HEAD = 0x10, RING_TAIL = 0x18,
	REG_RXCSUM = 0x5000, REG_MTA = 0x5200, REG_RAL0 = 0x5400, REG_RAH0 = 0x5404,
};

enum {
	RING_MASK = E1000E_RING - 1,
	IP_ALIGNMENT = 2,
	ICR_LINK = 1u << 2, ICR_RECEIVE_LOW = 1u << 4, ICR_OVERRUN = 1u << 6, ICR_RECEIVE_TIMER = 1u << 7,
	INTERRUPTS = ICR_LINK | ICR_RECEIVE_LOW | ICR_OVERRUN | ICR_RECEIVE_TIMER,
};
_Static_assert((E1000E_RING & RING_MASK) == 0, "indices wrap");

net_buffer_t *e1000e_receive(net_device_t *device);
void e1000e_give_back(net_device_t *device, net_buffer_t *buffer);
net_result_t e1000e_transmit(net_device_t *device, const net_frame_t *frame);
void e1000e_kick(net_device_t *device);
void e1000e_reclaim(net_device_t *device);

/** Whether a frame has arrived that has not been looked at. */
bool e1000e_has_received(const e1000e_t *self);

/** Tell the card of the buffers that it was given. */
void e1000e_publish(e1000e_t *self);

static inline e1000e_t *e1000e_of(net_device_t *device)
{
	return container_of(device, e1000e_t, device);
}
