/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a network driver fills. Its structure holds a net_device_t, and its source says once
 *
 *	NET_DRIVER(tap_ops, tap_receive, tap_give_back, tap_transmit, tap_kick, tap_reclaim, tap_arm);
 *
 * which is the table of these functions where drivers coexist, or, where this driver is the only one, makes them the
 * interface `driver_net/sole_driver`, which the driver's manifest provides. NET_DRIVER_ATTACH() then completes each
 * device:
 *
 *	self->device = (net_device_t){ .name = "eth0", .mtu = 1500, ... };
 *	NET_DRIVER_ATTACH(&self->device, tap_ops);
 *
 * The functions do what calls.h says of net_device_receive() and so on; their user serializes them.
 */
#pragma once

#include <driver_net/driver_net.h>
#include <driver_net/features.h>

#if DRIVER_NET_FEATURE_DYN
#define NET_DRIVER(ops_name, receive_, give_back_, transmit_, kick_, reclaim_, arm_)                                \
	static const net_ops_t ops_name = { (receive_), (give_back_), (transmit_), (kick_), (reclaim_), (arm_) }
#define NET_DRIVER_ATTACH(device, ops_name) ((void)((device)->ops = &(ops_name)))
#else
#define NET_DRIVER(ops_name, receive_, give_back_, transmit_, kick_, reclaim_, arm_)                                \
	net_buffer_t *driver_net_receive(net_device_t *self)                                                 \
	{                                                                                                    \
		return receive_(self);                                                                       \
	}                                                                                                    \
	void driver_net_give_back(net_device_t *self, net_buffer_t *buffer)                                  \
	{                                                                                                    \
		give_back_(self, buffer);                                                                    \
	}                                                                                                    \
	net_result_t driver_net_transmit(net_device_t *self, const net_frame_t *frame)                       \
	{                                                                                                    \
		return transmit_(self, frame);                                                               \
	}                                                                                                    \
	void driver_net_kick(net_device_t *self)                                                             \
	{                                                                                                    \
		kick_(self);                                                                                 \
	}                                                                                                    \
	void driver_net_reclaim(net_device_t *self)                                                          \
	{                                                                                                    \
		reclaim_(self);                                                                              \
	}                                                                                                    \
	bool driver_net_arm(net_device_t *self, bool wanted)                                                 \
	{                                                                                                    \
		return arm_(self, wanted);                                                                   \
	}                                                                                                    \
	_Static_assert(1, "takes the semicolon")
#define NET_DRIVER_ATTACH(device, ops_name) ((void)(device))
#endif
