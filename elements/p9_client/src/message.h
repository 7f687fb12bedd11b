/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: size[4] type[1] tag[2], then fields, little-endian; strings have their length in two bytes before them
 * (intro(5)). A writer or reader that has come to its end stays there, and says so once, in p9_call().
 */
#pragma once

#include <p9_client/p9_client.h>

enum { /* T-messages; the answer's type is one more */
	P9_LERROR = 6,
	P9_STATFS = 8,
	P9_LOPEN = 12,
	P9_LCREATE = 14,
	P9_SYMLINK = 16,
	P9_READLINK = 22,
	P9_GETATTR = 24,
	P9_SETATTR = 26,
	P9_READDIR = 40,
	P9_FSYNC = 50,
	P9_LINK = 70,
	P9_MKDIR = 72,
	P9_RENAMEAT = 74,
	P9_UNLINKAT = 76,
	P9_VERSION = 100,
	P9_ATTACH = 104,
	P9_WALK = 110,
	P9_READ = 116,
	P9_WRITE = 118,
	P9_CLUNK = 120,
};

enum {
	P9_HEADER_BYTES = 7,
	P9_READ_HEADER_BYTES = P9_HEADER_BYTES + 4, /* of Rread, and all of Rlerror */
	P9_NO_TAG = UINT16_MAX,
};
#define P9_NO_FID UINT32_MAX

typedef struct p9_writer {
	uint8_t *start;
	size_t at;
	bool overflows;
} p9_writer_t;

/** Begin a request in the client's buffer. */
p9_writer_t p9_request(p9_client_t *self, uint8_t type);
void p9_put8(p9_writer_t *writer, uint8_t value);
void p9_put16(p9_writer_t *writer, uint16_t value);
void p9_put32(p9_writer_t *writer, uint32_t value);
void p9_put64(p9_writer_t *writer, uint64_t value);
void p9_put_string(p9_writer_t *writer, const char *text, size_t bytes);

typedef struct p9_reader {
	const uint8_t *at;
	size_t left;
	bool overruns;
} p9_reader_t;

uint8_t p9_get8(p9_reader_t *reader);
uint16_t p9_get16(p9_reader_t *reader);
uint32_t p9_get32(p9_reader_t *reader);
uint64_t p9_get64(p9_reader_t *reader);
p9_qid_t p9_get_qid(p9_reader_t *reader);
/** In the message's memory, not terminated. */
const char *p9_get_string(p9_reader_t *reader, size_t *bytes);

/** Send the request and read the answer's header; @p reader stands behind it. @p out and @p in are payloads, or NULL. */
ax_err_t p9_call(p9_client_t *self, p9_writer_t *writer, const p9_piece_t *out, const p9_piece_t *in, p9_reader_t *reader);

/** What an operation returns when it has read its answer: AX_ERR_IO if that was too short. */
ax_err_t p9_end(p9_client_t *self, const p9_reader_t *reader);
