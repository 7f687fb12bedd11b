/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share: driver_net's functions (frames.c). */
#pragma once

#include <virtio_net/virtio_net.h>

net_buffer_t *virtio_net_receive(net_device_t *device);
void virtio_net_give_back(net_device_t *device, net_buffer_t *buffer);
net_result_t virtio_net_transmit(net_device_t *device, const net_frame_t *frame);
void virtio_net_kick(net_device_t *device);
void virtio_net_reclaim(net_device_t *device);
bool virtio_net_arm(net_device_t *device, bool wanted);

/** Give the piece to the device. */
void virtio_net_offer(virtio_net_t *self, virtio_net_piece_t *piece);

enum {
	COMMAND_MQ = 4,            /* section 5.1.6.5.5: VIRTIO_NET_CTRL_MQ */
	COMMAND_MQ_PAIRS_SET = 0,
	COMMAND_OK = 0,
};
