/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of a device's user: by its driver's table where drivers coexist, else those of the only one. */
#pragma once

#include <driver_net/features.h>
#include <driver_net/types.h>

#pragma GCC visibility push(default)

typedef struct net_ops {
	net_buffer_t *(*receive)(net_device_t *self);
	void (*give_back)(net_device_t *self, net_buffer_t *buffer);
	net_result_t (*transmit)(net_device_t *self, const net_frame_t *frame);
	void (*kick)(net_device_t *self);
	void (*reclaim)(net_device_t *self);
	bool (*arm)(net_device_t *self, bool wanted);
} net_ops_t;

#pragma GCC visibility pop

#if DRIVER_NET_FEATURE_DYN
#define NET_DISPATCH(self, function, ...) (self)->ops->function((self) __VA_OPT__(, ) __VA_ARGS__)
#else
#include <driver_net/sole_driver.h>
#define NET_DISPATCH(self, function, ...) driver_net_##function((self) __VA_OPT__(, ) __VA_ARGS__)
#endif

/** The next frame that has arrived, lent to the caller, or NULL. */
static inline net_buffer_t *net_device_receive(net_device_t *self)
{
	return NET_DISPATCH(self, receive);
}

/** Give one piece back; its `next` is not looked at. In any order, at any time. */
static inline void net_device_return(net_device_t *self, net_buffer_t *buffer)
{
	NET_DISPATCH(self, give_back, buffer);
}

/** Hand a frame to the device. It may look at it at once, or not before net_device_kick(). A frame that asks for what is
 *  not among the device's offloads, or is longer than its MTU allows, is sent wrongly or dropped. */
static inline net_result_t net_device_transmit(net_device_t *self, const net_frame_t *frame)
{
	return NET_DISPATCH(self, transmit, frame);
}

/** Tell the device of the frames that it has been handed. */
static inline void net_device_kick(net_device_t *self)
{
	NET_DISPATCH(self, kick);
}

/** Call sent() for the frames that have been read: there is room for others. */
static inline void net_device_reclaim(net_device_t *self)
{
	NET_DISPATCH(self, reclaim);
}

/**
 * Have notify() called once something has arrived, or not any more. One call may follow the taking back.
 * @return  true: something has arrived already, and there may be no call for it
 */
static inline bool net_device_arm(net_device_t *self, bool wanted)
{
	return NET_DISPATCH(self, arm, wanted);
}
