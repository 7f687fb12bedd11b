/* SPDX-License-Identifier: Apache-2.0 */
/* A platform without a network interface: the image talks to itself. There is no device, so that none of its functions is
 * ever called. */
#include "core.h"

#include <driver_net/driver.h>

static net_buffer_t *receive([[maybe_unused]] net_device_t *device)
{
	return NULL;
}

static void give_back([[maybe_unused]] net_device_t *device, [[maybe_unused]] net_buffer_t *buffer)
{
}

static net_result_t transmit([[maybe_unused]] net_device_t *device, [[maybe_unused]] const net_frame_t *frame)
{
	return NET_FULL;
}

static void kick([[maybe_unused]] net_device_t *device)
{
}

static void reclaim([[maybe_unused]] net_device_t *device)
{
}

static bool arm([[maybe_unused]] net_device_t *device, [[maybe_unused]] bool wanted)
{
	return false;
}

NET_DRIVER(no_ops, receive, give_back, transmit, kick, reclaim, arm);

net_device_t *axnet_interface(void)
{
	static net_device_t none;
	NET_DRIVER_ATTACH(&none, no_ops);
	return NULL;
}
