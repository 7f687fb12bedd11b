/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that answers what the input says: for each call a kind of answer, and its bytes. Whatever it answers, the client
 * stays within the message and within what it was handed.
 */
#include <assert.h>
#include <p9_client/p9_client.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *s_data;
static size_t s_left;

static uint8_t next_byte(void)
{
	if (!s_left)
		return 0;
	s_left--;
	return *s_data++;
}

/* Mostly with a header that fits, so that the rest is looked at. */
static ax_err_t exchange([[maybe_unused]] void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes)
{
	uint8_t how = next_byte(), message[600];
	const uint8_t *asked = request[0].start;
	assert(request[0].bytes >= 7 && request[0].bytes <= P9_MESSAGE_BYTES);
	size_t count = 7 + (how & 0x3f) * (how & 0x40 ? 8u : 1u);
	for (size_t i = 0; i < count; i++)
		message[i] = i < 7 ? 0 : next_byte();
	memcpy(message, &(uint32_t){ (uint32_t)count }, 4);
	message[4] = how & 0x80 ? next_byte() : asked[4] + 1;
	message[5] = asked[5];
	message[6] = asked[6];
	size_t room = reply[0].bytes + reply[1].bytes;
	if (count > room)
		count = room;
	size_t first = count < reply[0].bytes ? count : reply[0].bytes;
	memcpy(reply[0].start, message, first);
	if (count > first)
		memcpy(reply[1].start, message + first, count - first);
	*bytes = how == 0xff ? next_byte() : count;
	return AX_OK;
}

static bool emit(void *context, const p9_entry_t *entry)
{
	volatile char last = entry->name[entry->name_bytes - 1];
	return last && ++*(unsigned *)context < 50;
}

static const p9_transport_t s_transport = { exchange, NULL, 65536 };

static void call(p9_client_t *client)
{
	uint32_t fid, unit;
	p9_qid_t qid;
	p9_attributes_t attributes = {};
	p9_statfs_t stat;
	uint8_t which = next_byte();
	size_t bytes = next_byte(), done = 0;
	bool is_end;
	unsigned entries = 0;
	char *buffer = malloc(bytes + 1); /* exactly these, for the address sanitizer */
	memset(buffer, 'x', bytes + 1);
	switch (which % 12) {
	case 0: (void)p9_walk(client, 0, "name", 4, &fid, &qid); break;
	case 1: (void)p9_open(client, 1, 0, &qid, &unit); break;
	case 2: (void)p9_create(client, 1, "name", 4, 0, 0, 0, &qid, &unit); break;
	case 3: (void)p9_make_directory(client, 1, "name", 4, 0, 0, &qid); break;
	case 4: (void)p9_read_link(client, 1, buffer, bytes, &done); break;
	case 5:
		if (p9_read(client, 1, 0, buffer, bytes, &done) == AX_OK)
			assert(done <= bytes);
		break;
	case 6:
		if (p9_write(client, 1, 0, buffer, bytes, &done) == AX_OK)
			assert(done <= bytes);
		break;
	case 7: (void)p9_get_attributes(client, 1, &attributes); break;
	case 8: (void)p9_read_directory(client, 1, 0, emit, &entries, &is_end); break;
	case 9: (void)p9_get_statfs(client, 1, &stat); break;
	case 10: (void)p9_walk(client, 0, "", 0, &fid, &qid); break;
	case 11: (void)p9_rename(client, 0, buffer, bytes, 1, "to", 2); break;
	}
	free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static p9_client_t client;
	uint32_t root;
	p9_qid_t qid;
	s_data = data;
	s_left = size;
	memset(&client, 0, sizeof client);
	if (next_byte() & 1) {
		(void)p9_begin(&client, &s_transport, "", 0, &root, &qid);
	} else {
		client.transport = &s_transport;
		client.message_bytes = 65536;
	}
	while (s_left) {
		client.is_broken = false;
		call(&client);
	}
	return 0;
}
