/* SPDX-License-Identifier: Apache-2.0 */
/* Glue, choice `sole`: the only network driver of the image. NET_DRIVER() defines these; calls.h says what they do. */
#pragma once

#include <driver_net/types.h>

#pragma GCC visibility push(default)

net_buffer_t *driver_net_receive(net_device_t *self);
void driver_net_give_back(net_device_t *self, net_buffer_t *buffer);
net_result_t driver_net_transmit(net_device_t *self, const net_frame_t *frame);
void driver_net_kick(net_device_t *self);
void driver_net_reclaim(net_device_t *self);
bool driver_net_arm(net_device_t *self, bool wanted);

#pragma GCC visibility pop
