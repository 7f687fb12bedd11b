/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lwIP driven by whoever calls lwip_net_poll(): no thread, no lock, no waiting. A frame that the device lends becomes a pbuf
 * as it is, and goes back when lwIP or the user of its raw API frees that; a pbuf that is sent is referred to until the device
 * has read it. Checksums of TCP are the device's where it can, and are believed where it says so; segments that follow each
 * other leave in one frame where the device cuts it (gather.c), and a datagram's fragments likewise (datagram.c).
 *
 * Beside that it mends what lwIP lacks (guard.c): a new connection may take the place of one in TIME_WAIT, of which only
 * so many are kept; and a flood of half-open connections displaces its own oldest.
 *
 * One lock of the user's serializes everything here, and every call of lwIP. Thread context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_net/driver_net.h>
#include <lwip/netif.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum {
	LWIP_NET_TIME_WAIT_MAX = 512, /* connections that are kept so; older ones are forgotten */
};

/** An interface. All but `netif` is lwip_net's. */
typedef struct lwip_net {
	struct netif netif;
	net_device_t *device;
	struct lwip_net *next;
	unsigned lent;          /* the device's buffers that pbufs lie in */
	unsigned lent_max;      /* more than so many, and frames are copied instead */
	struct lwip_net_batch *gathered; /* segments that leave as one frame, or NULL */
	struct lwip_net_datagram *datagram; /* fragments of one that leaves whole, or NULL */
	unsigned unread;        /* frames that the device has been handed and has not read yet */
	unsigned untold;        /* frames that the device has been handed and was not told of */
	uint16_t checksums;     /* NETIF_CHECKSUM_* that lwIP does for frames that the device has not checked */
	uint64_t dropped;       /* received frames that made no sense, or for which there was no memory */
} lwip_net_t;

/**
 * Start lwIP. Once, before anything of it is used.
 * @param secret  128 random bits, of which sequence numbers, ports and identifiers are made that others cannot guess
 */
void lwip_net_init(const uint64_t secret[2]);

/**
 * Add @p device as an interface, up, with no address but its own of IPv6. The first one is the default.
 * Both must outlive the system's use of the network.
 */
void lwip_net_add(lwip_net_t *self, net_device_t *device);

/**
 * Take in what has arrived, at most @p budget frames an interface; run the timers that are due; hand out what is to be sent.
 * @return how many frames there were: as many as the budget means that there may be more
 */
size_t lwip_net_poll(size_t budget);

/** After calls that may have sent something: packets to this machine itself arrive, and devices are told of theirs. */
void lwip_net_flush(void);

/** The same, but a device need not hear of its frames as long as they are not more than @p held. @return whether one is to */
bool lwip_net_flush_most(unsigned held);

/** Tell devices of what lwip_net_flush_most() has left. Any context, while nobody is in another function. */
void lwip_net_tell(void);

/** When lwip_net_poll() is due next for a timer's sake, by the host's clock; UINT64_MAX: never. Any call of lwIP may bring it
 *  forward. */
uint64_t lwip_net_deadline_ns(void);

/** Have every device call its notify() at the next arrival, or not. @return true: something is there already */
bool lwip_net_arm(bool wanted);

/** Whether the devices have read all that they were handed. */
bool lwip_net_is_idle(void);

#pragma GCC visibility pop
