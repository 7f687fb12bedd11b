/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that answers what the input says: for each call a kind of answer, and its bytes. Whatever it answers, the client
 * stays within the message and within what it was handed.
 */
#include <axp9_server.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool emit(void *context, const p9_entry_t *entry)
{
	volatile char last = entry->name[entry->name_bytes - 1];
	return last && ++*(unsigned *)context < 50;
}

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
	s_input = data;
	s_input_left = size;
	memset(&client, 0, sizeof client);
	if (next_byte() & 1) {
		(void)p9_begin(&client, &s_transport, "", 0, &root, &qid);
	} else {
		client.transport = &s_transport;
		client.message_bytes = 65536;
	}
	while (s_input_left) {
		client.is_broken = false;
		call(&client);
	}
	return 0;
}
