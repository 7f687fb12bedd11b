/* SPDX-License-Identifier: Apache-2.0 */
/* An e1000e that lies about lengths and states of descriptors, or does not answer; see axnic_fuzz.h. */
#include "card.h"

enum nic_lie { LIE_LENGTH, LIE_STATUS, LIE_EARLY, LIE_DONE, LIE_LINK, NIC_LIES, NIC_LONG_STEP = 5 };

#include <axnic_fuzz.h>

static net_device_t *nic_open([[maybe_unused]] bool variant)
{
	return card_open();
}

static void nic_close(void)
{
	card_close();
}

static bool nic_deliver(size_t bytes)
{
	static uint8_t frame[E1000E_BUFFER_BYTES];
	return card_deliver(frame, (uint16_t)bytes, CARD_DONE | CARD_END_OF_FRAME, 0);
}

static void nic_complete(void)
{
	e1000e_transmit_descriptor_t *sent = card_next_sent();
	if (sent)
		card_done(sent);
}

static void nic_interrupt(uint8_t why)
{
	*card_register(CARD_ICR) = why;
	e1000e_interrupt(&card_driver);
}

static void nic_lie(unsigned which, uint8_t much)
{
	static uint8_t frame[E1000E_BUFFER_BYTES];
	switch ((enum nic_lie)which) {
	case LIE_LENGTH:
		(void)card_deliver(frame, (uint16_t)(much * 257u), CARD_DONE | CARD_END_OF_FRAME, 0);
		break;
	case LIE_STATUS:
		(void)card_deliver(frame, AXNIC_SHORTEST, much, (uint8_t)(much * 7u));
		break;
	case LIE_EARLY: /* says of whatever descriptor that it holds a frame */
		card_driver.receive[much % E1000E_RING].status = CARD_DONE | CARD_END_OF_FRAME;
		card_driver.receive[much % E1000E_RING].bytes = AXNIC_SHORTEST;
		break;
	case LIE_DONE:
		card_done(&card_driver.transmit[much % E1000E_RING]);
		break;
	default:
		*card_register(CARD_STATUS) = much;
		break;
	}
}

static const uint8_t *nic_room(const net_buffer_t *piece, size_t *bytes)
{
	const e1000e_piece_t *whole = (const void *)((const char *)piece - offsetof(e1000e_piece_t, buffer));
	*bytes = sizeof whole->bytes;
	return whole >= card_driver.pieces && whole < card_driver.pieces + E1000E_RING - 1 ? whole->bytes : NULL;
}

static uint64_t nic_dropped(void)
{
	return card_driver.dropped;
}
