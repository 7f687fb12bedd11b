/* SPDX-License-Identifier: Apache-2.0 */
/* For fuzzers: a 9P server that answers what the input says, mostly with a header that fits, so that the rest is looked at. */
#pragma once

#include <assert.h>
#include <p9_client/p9_client.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *s_input;
static size_t s_input_left;

static uint8_t next_byte(void)
{
	if (!s_input_left)
		return 0;
	s_input_left--;
	return *s_input++;
}

/* Of an answer the input says how it is made (its length, and whether it is of the kind that was asked for), and its bytes. */
static ax_err_t axp9_exchange([[maybe_unused]] void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes)
{
	uint8_t how = next_byte(), message[600] = {};
	const uint8_t *asked = request[0].start;
	assert(request[0].bytes >= 7 && request[0].bytes <= P9_MESSAGE_BYTES);
	if (!s_input_left)
		return AX_ERR_NO_DEVICE; /* so every input ends */
	size_t count = 7 + (how & 0x3f) * (how & 0x40 ? 8u : 1u);
	for (size_t i = 7; i < count; i++)
		message[i] = next_byte();
	memcpy(message, &(uint32_t){ (uint32_t)count }, 4);
	message[4] = how & 0x80 ? next_byte() : asked[4] + 1;
	message[5] = asked[5];
	message[6] = asked[6];
	size_t room = reply[0].bytes + reply[1].bytes;
	count = count < room ? count : room;
	size_t first = count < reply[0].bytes ? count : reply[0].bytes;
	memcpy(reply[0].start, message, first);
	if (count > first)
		memcpy(reply[1].start, message + first, count - first);
	*bytes = count;
	return AX_OK;
}

static const p9_transport_t s_transport = { axp9_exchange, NULL, 65536 };
