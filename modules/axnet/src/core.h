/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocols' lock, and what a stack is to this module: on_lwip/ has one. All functions of a stack are called with the lock
 * held, but for axnet_stack_init().
 */
#pragma once

#include <axnet/axnet.h>
#include <axnet/features.h>
#include <base/base.h>
#include <driver_net/driver_net.h>

/** Frames processed in one go, before who waits for the lock has his turn. */
enum { AXNET_BUDGET = 64 };

/** Serializes the protocols and the interface. axnet_unlock() also sends what was put off meanwhile. */
void axnet_lock(void);
void axnet_unlock(void);

/**
 * Answers go out together. Of several connections to which something has come at once each is likely to be answered soon,
 * and to tell a device of a frame costs more than the frame: so it is told when the last of them has answered, and of every
 * few frames; at the latest when somebody waits, or half a millisecond later. Lock held.
 */
void axnet_expect_answer(void); /* something has come to a connection that had nothing unread */
void axnet_answered(void);      /* a connection has sent something */

/** Process what has arrived, unless somebody does so just now. @return whether there was anything */
bool axnet_poll(void);

/** When axnet_poll() has last found something. */
uint64_t axnet_last_arrival_ns(void);

/** The thread that serves the interface, if there is one, while nobody else does (worker.c). Once. */
void axnet_worker_start(bool has_interface);

/** Have it look at once. Any context. */
void axnet_worker_wake(void);

/** What a socket's buffer may be. */
static inline size_t axnet_buffer_bytes(size_t wanted)
{
	return wanted < AX_NET_BUFFER_MIN ? AX_NET_BUFFER_MIN : AX_MIN(wanted, (size_t)AX_NET_BUFFER_MAX);
}

/** The image's interface, or NULL (tap.c, no_interface.c). */
net_device_t *axnet_interface(void);

/** A card that is not virtio's, or NULL (e1000e.c). */
#if AXNET_FEATURE_E1000E
net_device_t *axnet_other_card(void);
#else
static inline net_device_t *axnet_other_card(void)
{
	return NULL;
}
#endif

/** A block of random bits: the machine's, or, where it has none, of little worth, and the log says so. */
void axnet_random(uint64_t words[2]);

/** What the environment says of the interface's address; unspecified, where it says nothing. */
typedef struct axnet_config {
	ax_ip_t ip, mask, gateway, name_server;
} axnet_config_t;

void axnet_read_config(axnet_config_t *config);

/** @p device may be NULL: only this machine itself can be reached then. */
void axnet_stack_init(net_device_t *device, const axnet_config_t *config);

/** Process at most @p budget frames, run what is due. @return how many there were */
size_t axnet_stack_poll(size_t budget);

/** Hand out what is to be sent; the interface need not hear of the last @p held frames. @return whether it has some to hear of */
bool axnet_stack_flush(unsigned held);

/** Have the interface hear of what that has left. Any context, while nobody holds the lock. */
void axnet_stack_tell(void);

/** No more is to be sent: close every connection. Once. */
void axnet_stack_close_all(void);

/** What is left of connections that have been closed. */
typedef struct axnet_leftovers {
	unsigned undelivered; /* of which the peer has not confirmed all */
	unsigned half;        /* others, of which the peer has not closed its side */
	uint32_t progress;    /* changes when a peer confirms something */
} axnet_leftovers_t;

axnet_leftovers_t axnet_stack_leftovers(void);

/** Reset what is left of connections. */
void axnet_stack_abort_all(void);

/** Whether the interface has read all that it was handed. */
bool axnet_stack_is_idle(void);

/** When the stack is to be polled next, of axhal_now_ns(). It is fixed until axnet_worker_wake(). */
uint64_t axnet_stack_deadline_ns(void);

/** Have the interface wake the worker, or not. @return true: something has arrived already */
bool axnet_stack_arm(bool wanted);
