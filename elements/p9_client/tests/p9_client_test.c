/* SPDX-License-Identifier: Apache-2.0 */
/* Against answers that are written out as bytes: what the client sends is compared, what it makes of the answer too. */
#include <axtest.h>
#include <p9_client/p9_client.h>

static struct {
	uint8_t request[20000], reply[20000];
	size_t request_bytes, reply_bytes;
	size_t claims; /* bytes that the transport says it has received; 0: as many as there are */
	ax_err_t error;
} s_server;

static ax_err_t exchange([[maybe_unused]] void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes)
{
	CHECK(request[0].bytes + request[1].bytes <= sizeof s_server.request);
	memcpy(s_server.request, request[0].start, request[0].bytes);
	if (request[1].bytes)
		memcpy(s_server.request + request[0].bytes, request[1].start, request[1].bytes);
	s_server.request_bytes = request[0].bytes + request[1].bytes;
	size_t first = s_server.reply_bytes < reply[0].bytes ? s_server.reply_bytes : reply[0].bytes;
	memcpy(reply[0].start, s_server.reply, first);
	if (s_server.reply_bytes > first) {
		CHECK(s_server.reply_bytes - first <= reply[1].bytes);
		memcpy(reply[1].start, s_server.reply + first, s_server.reply_bytes - first);
	}
	*bytes = s_server.claims ? s_server.claims : s_server.reply_bytes;
	return s_server.error;
}

static const p9_transport_t s_transport = { exchange, NULL, 16384 };
static p9_client_t s_client;

static void append(uint64_t value, size_t bytes)
{
	memcpy(s_server.reply + s_server.reply_bytes, &value, bytes);
	s_server.reply_bytes += bytes;
}

/* Begin an answer; ended by its size. */
static void answer(uint8_t type, uint16_t tag)
{
	s_server.reply_bytes = 0;
	append(0, 4);
	append(type, 1);
	append(tag, 2);
}

static void end_answer(void)
{
	memcpy(s_server.reply, &s_server.reply_bytes, 4);
}

static void append_text(const char *text)
{
	append(strlen(text), 2);
	memcpy(s_server.reply + s_server.reply_bytes, text, strlen(text));
	s_server.reply_bytes += strlen(text);
}

/* A client that has agreed on messages of 16 KiB; its next tag is 2. */
static void fresh(void)
{
	memset(&s_server, 0, sizeof s_server);
	memset(&s_client, 0, sizeof s_client);
	s_client.transport = &s_transport;
	s_client.message_bytes = 16384;
	s_client.next_fid = 1;
	s_client.tag = 1;
}

TEST(a_server_of_another_version_is_refused)
{
	static const struct {
		const char *version;
		uint32_t bytes;
		ax_err_t error;
	} cases[] = {
		{ "9P2000.u", 8192, AX_ERR_NOT_SUPPORTED },
		{ "9P2000.L", 8191, AX_ERR_NOT_SUPPORTED },
		{ "9P2000.L", 16385, AX_ERR_IO }, /* more than we offered */
	};
	for (size_t i = 0; i < 3; i++) {
		uint32_t root;
		p9_qid_t qid;
		fresh();
		answer(101, UINT16_MAX);
		append(cases[i].bytes, 4);
		append_text(cases[i].version);
		end_answer();
		CHECK_EQ(p9_begin(&s_client, &s_transport, "", 0, &root, &qid), cases[i].error);
		CHECK(!memcmp(s_server.request, "\x15\0\0\0\x64\xff\xff\0\x40\0\0\x08\0" "9P2000.L", 21));
	}
}

TEST(a_walk_sends_the_name_and_returns_a_new_fid)
{
	uint32_t fid;
	p9_qid_t qid;
	fresh();
	answer(111, 2);
	append(1, 2);
	append(P9_QID_DIRECTORY, 1);
	append(7, 4);
	append(0x123456789abcdef, 8);
	end_answer();
	CHECK_EQ(p9_walk(&s_client, 0, "usr", 3, &fid, &qid), AX_OK);
	CHECK(!memcmp(s_server.request, "\x16\0\0\0\x6e\x02\0\0\0\0\0\x01\0\0\0\x01\0\x03\0usr", 22));
	CHECK(fid == 1 && qid.type == P9_QID_DIRECTORY && qid.version == 7 && qid.path == 0x123456789abcdef);
}

TEST(payloads_go_to_and_from_the_callers_memory)
{
	static uint8_t buffer[20000];
	size_t done;
	fresh();
	answer(117, 2);
	append(5000, 4);
	memset(s_server.reply + s_server.reply_bytes, 0x33, 5000);
	s_server.reply_bytes += 5000;
	end_answer();
	CHECK_EQ(p9_read(&s_client, 1, 99, buffer, sizeof buffer, &done), AX_OK);
	CHECK(done == 5000 && buffer[4999] == 0x33 && !buffer[5000]);
	uint32_t asked;
	memcpy(&asked, s_server.request + 19, 4);
	CHECK_EQ(asked, 16384 - 11); /* no more than a message holds */
	answer(119, 3);
	append(16384 - 23, 4);
	end_answer();
	CHECK_EQ(p9_write(&s_client, 1, 0, buffer, sizeof buffer, &done), AX_OK);
	CHECK_EQ(done, 16384 - 23);
	CHECK_EQ(s_server.request_bytes, 16384);
	CHECK(s_server.request[23] == 0x33 && s_server.request[5022] == 0x33 && !s_server.request[5023]);
}

TEST(an_error_of_the_server_is_the_operations_also_where_a_payload_was_awaited)
{
	static uint8_t buffer[100];
	size_t done;
	fresh();
	answer(7, 2);
	append(2, 4);
	end_answer();
	CHECK_EQ(p9_read(&s_client, 1, 0, buffer, sizeof buffer, &done), AX_ERR_NOT_FOUND);
	answer(7, 3);
	append(4711, 4);
	end_answer();
	CHECK_EQ(p9_clunk(&s_client, 1), AX_ERR_IO);
	s_server.error = AX_ERR_NO_DEVICE;
	CHECK_EQ(p9_clunk(&s_client, 1), AX_ERR_NO_DEVICE);
	CHECK(!s_client.is_broken);
}

static size_t s_emitted;

static bool emit(void *context, const p9_entry_t *entry)
{
	s_emitted++;
	CHECK_EQ(entry->name_bytes, 4);
	CHECK(!memcmp(entry->name, "name", 4));
	return context == NULL;
}

static void append_entry(const char *name)
{
	append(0, 1);
	append(0, 4);
	append(s_server.reply_bytes, 8);
	append(5, 8);
	append(8, 1);
	append_text(name);
}

TEST(a_directory_is_read_entry_by_entry)
{
	bool is_end;
	fresh();
	answer(41, 2);
	append(2 * 28, 4);
	append_entry("name");
	append_entry("name");
	end_answer();
	s_emitted = 0;
	CHECK_EQ(p9_read_directory(&s_client, 1, 0, emit, NULL, &is_end), AX_OK);
	CHECK(s_emitted == 2 && !is_end);
	s_server.reply[5] = 3;
	CHECK_EQ(p9_read_directory(&s_client, 1, 0, emit, &is_end, &is_end), AX_OK);
	CHECK_EQ(s_emitted, 3);
	answer(41, 4);
	append(0, 4);
	end_answer();
	CHECK_EQ(p9_read_directory(&s_client, 1, 0, emit, NULL, &is_end), AX_OK);
	CHECK(is_end);
}

/* One answer to a read of a directory, which is spoilt by @p spoil; then nothing is asked any more. */
static void check_spoilt(void (*spoil)(void))
{
	bool is_end;
	fresh();
	answer(41, 2);
	append(28, 4);
	append_entry("name");
	end_answer();
	spoil();
	CHECK_EQ(p9_read_directory(&s_client, 1, 0, emit, NULL, &is_end), AX_ERR_IO);
	CHECK(s_client.is_broken);
	s_server.request_bytes = 0;
	CHECK_EQ(p9_clunk(&s_client, 1), AX_ERR_IO);
	CHECK_EQ(s_server.request_bytes, 0);
}

static void another_tag(void)
{
	s_server.reply[5] = 9;
}

static void another_type(void)
{
	s_server.reply[4] = 99;
}

static void another_size(void)
{
	s_server.reply[0]++;
}

static void more_than_there_was_room_for(void)
{
	s_server.claims = 20000;
	memcpy(s_server.reply, &s_server.claims, 4);
}

static void a_count_beyond_the_end(void)
{
	s_server.reply[8] = 1;
}

static void a_name_beyond_the_end(void)
{
	s_server.reply[11 + 22] = 5;
}

static void a_name_with_a_slash(void)
{
	s_server.reply[11 + 24] = '/';
}

static void no_header(void)
{
	s_server.reply_bytes = 3;
}

TEST(answers_that_make_no_sense_end_the_session)
{
	static void (*const spoils[])(void) = { another_tag, another_type, another_size, more_than_there_was_room_for,
						a_count_beyond_the_end, a_name_beyond_the_end, a_name_with_a_slash, no_header };
	for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++)
		check_spoilt(spoils[i]);
}

TEST(a_name_that_no_message_holds_is_not_sent)
{
	static char name[70000];
	uint32_t fid;
	p9_qid_t qid;
	fresh();
	CHECK_EQ(p9_walk(&s_client, 0, name, sizeof name, &fid, &qid), AX_ERR_NAME_TOO_LONG);
	CHECK_EQ(p9_walk(&s_client, 0, name, 8180, &fid, &qid), AX_ERR_NAME_TOO_LONG);
	CHECK_EQ(s_server.request_bytes, 0);
}

TEST(times_before_1970_are_sent_with_positive_nanoseconds)
{
	p9_attributes_t attributes = { .modified_ns = -1 };
	fresh();
	answer(27, 2);
	end_answer();
	CHECK_EQ(p9_set_attributes(&s_client, 1, P9_SET_MODIFIED, &attributes), AX_OK);
	int64_t time[2];
	memcpy(time, s_server.request + s_server.request_bytes - 16, 16);
	CHECK(time[0] == -1 && time[1] == 999999999);
}
