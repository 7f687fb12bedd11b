/* SPDX-License-Identifier: Apache-2.0 */
/* A device that is made of this file, and the host behind the stack: what arrives lies in exactly as much memory. */
#pragma once

#include <driver_net/driver.h>
#include <udp_net/host.h>
#include <udp_net/udp_net.h>

enum { WIRE_BUFFERS = 8, WIRE_SENT_MAX = 64 };

typedef struct wire {
	net_device_t device;
	net_buffer_t *arrived;     /* one frame, or NULL */
	unsigned lent;             /* pieces that are with the stack */
	bool is_full;              /* nothing more goes out */
	bool is_slow;              /* what is sent is read at the next reclaim */
	void *queued[WIRE_SENT_MAX];
	size_t queued_count;
	uint8_t sent[WIRE_SENT_MAX][1600]; /* frames as they went out, their checksums done */
	size_t sent_bytes[WIRE_SENT_MAX], sent_count;
	uint64_t now_ns;
	size_t blocks;             /* of the heap, in use */
	bool is_out_of_memory;
} wire_t;

extern wire_t wire;

/** An empty wire, with a device that has @p offloads. */
void wire_init(uint32_t offloads);

/** A frame arrives, in one piece, or in two of which the first has @p split bytes. */
void wire_arrive(const void *frame, size_t bytes, size_t split, uint16_t flags);
