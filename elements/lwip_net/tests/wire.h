/* SPDX-License-Identifier: Apache-2.0 */
/* The system around lwip_net in its tests: a heap and frames that are counted, a clock that a test moves, a device whose frames go
 * to the test. */
#pragma once

#include <driver_net/driver_net.h>
#include <lwip_net/lwip_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WIRE_MS = 1000000, /* nanoseconds */
	WIRE_BUFFERS = 8,
	WIRE_TCP_NUMBER = 4, WIRE_TCP_ACKNOWLEDGES = 8, WIRE_TCP_OFFSET = 12, WIRE_TCP_FLAGS = 13, WIRE_TCP_SUM = 16, /* in TCP's header */
	WIRE_IP_BYTES = 20, WIRE_IP6_BYTES = 40,
};

extern uint64_t wire_now_ns;
extern size_t wire_blocks;          /* of the heap, in use */
extern unsigned wire_lent;          /* received pieces that are not back yet */
extern unsigned wire_kicks;         /* how often the device was told of frames */
extern net_device_t wire_device;
extern lwip_net_t wire_interface;

/** The test's: what becomes of a frame that is sent. */
net_result_t wire_transmit(const net_frame_t *frame);

/** The test's: the device is asked for what it has read. */
void wire_reclaim(void);

/** Start lwIP on the device, which has @p offloads, as 10.0.0.1/24 behind the gateway 10.0.0.2. Once. */
void wire_start(uint32_t offloads);

/** A frame arrives, in two pieces if @p first is less than @p bytes. */
void wire_arrive(const uint8_t *frame, size_t first, size_t bytes, uint16_t flags);

void wire_pass_ms(uint64_t ms);

/** The TCP header of a frame that has one, or NULL. */
uint8_t *wire_tcp_of(uint8_t *frame, size_t bytes);

/** Numbers in network order. */
uint32_t wire_read32(const uint8_t *at);
void wire_write32(uint8_t *at, uint32_t value);
