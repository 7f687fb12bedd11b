/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network interfaces that carry Ethernet frames (IEEE 802.3, 14-byte header, no FCS). For users of a device, which is to
 * say protocol stacks; who writes a driver reads driver_net/driver.h.
 *
 * Receiving copies nothing: net_device_receive() lends the driver's own buffers, and whoever is through with one, be it
 * much later, gives it back by net_device_return().
 *
 *	net_buffer_t *frame;
 *	while ((frame = net_device_receive(device)))
 *		... use it, and return each of its pieces ...
 *
 * Nor does sending: a frame is described by segments of the caller's memory, which must stay as it is until the device has
 * read it. The driver says that at once (NET_SENT), or later, by the cookie, to net_device_t.sent (NET_QUEUED).
 *
 *	result = net_device_transmit(device, &frame);    any number of times, then
 *	net_device_kick(device);
 *
 * Polling is the rule: net_device_receive() and net_device_reclaim() look by themselves. Who would rather sleep asks for
 * a notification by net_device_arm().
 *
 * Dispatch: in an image with one driver these are direct calls of it (choice `dispatch`, "sole"); with "dyn" they go
 * through the driver's table. Nothing else differs.
 *
 * Locks: none. The user of a device serializes all calls about it; net_device_t.notify may be called at any time.
 * Thread context, unless the driver says more.
 */
#pragma once

#include <driver_net/calls.h>
#include <driver_net/types.h>
