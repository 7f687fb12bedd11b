/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <base/base.h>
#include <memstr/memstr.h>

static void put(p9_writer_t *writer, uint64_t value, size_t bytes)
{
	if (bytes > P9_MESSAGE_BYTES - writer->at) {
		writer->overflows = true;
		return;
	}
	for (size_t i = 0; i < bytes; i++)
		writer->start[writer->at++] = (uint8_t)(value >> 8 * i);
}

void p9_put8(p9_writer_t *writer, uint8_t value)
{
	put(writer, value, 1);
}

void p9_put16(p9_writer_t *writer, uint16_t value)
{
	put(writer, value, 2);
}

void p9_put32(p9_writer_t *writer, uint32_t value)
{
	put(writer, value, 4);
}

void p9_put64(p9_writer_t *writer, uint64_t value)
{
	put(writer, value, 8);
}

void p9_put_string(p9_writer_t *writer, const char *text, size_t bytes)
{
	if (bytes > UINT16_MAX || bytes + 2 > P9_MESSAGE_BYTES - writer->at) {
		writer->overflows = true;
		return;
	}
	p9_put16(writer, (uint16_t)bytes);
	memcpy(writer->start + writer->at, text, bytes);
	writer->at += bytes;
}

p9_writer_t p9_request(p9_client_t *self, uint8_t type)
{
	p9_writer_t writer = { .start = self->request };
	self->tag = self->tag >= P9_NO_TAG - 1 ? 0 : (uint16_t)(self->tag + 1);
	p9_put32(&writer, 0); /* the size, when it is known */
	p9_put8(&writer, type);
	p9_put16(&writer, type == P9_VERSION ? P9_NO_TAG : self->tag);
	return writer;
}

static uint64_t get(p9_reader_t *reader, size_t bytes)
{
	if (bytes > reader->left) {
		reader->overruns = true;
		reader->left = 0;
		return 0;
	}
	uint64_t value = 0;
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)reader->at[i] << 8 * i;
	reader->at += bytes;
	reader->left -= bytes;
	return value;
}

uint8_t p9_get8(p9_reader_t *reader)
{
	return (uint8_t)get(reader, 1);
}

uint16_t p9_get16(p9_reader_t *reader)
{
	return (uint16_t)get(reader, 2);
}

uint32_t p9_get32(p9_reader_t *reader)
{
	return (uint32_t)get(reader, 4);
}

uint64_t p9_get64(p9_reader_t *reader)
{
	return get(reader, 8);
}

p9_qid_t p9_get_qid(p9_reader_t *reader)
{
	p9_qid_t qid = { .type = p9_get8(reader) };
	qid.version = p9_get32(reader);
	qid.path = p9_get64(reader);
	return qid;
}

const char *p9_get_string(p9_reader_t *reader, size_t *bytes)
{
	*bytes = p9_get16(reader);
	if (*bytes > reader->left) {
		reader->overruns = true;
		reader->left = *bytes = 0;
	}
	const char *text = (const char *)reader->at;
	reader->at += *bytes;
	reader->left -= *bytes;
	return text;
}

/* A Linux error number: those that ax_err_t has are its own. */
static ax_err_t error_of(uint32_t number)
{
	switch (number) {
#define CASE(name, value, text)                                                                    \
	case value:                                                                                \
		return AX_ERR_##name;
		AX_ERR_LIST(CASE)
#undef CASE
	default:
		return AX_ERR_IO;
	}
}

static ax_err_t broken(p9_client_t *self)
{
	self->is_broken = true;
	return AX_ERR_IO;
}

ax_err_t p9_end(p9_client_t *self, const p9_reader_t *reader)
{
	return reader->overruns ? broken(self) : AX_OK;
}

ax_err_t p9_call(p9_client_t *self, p9_writer_t *writer, const p9_piece_t *out, const p9_piece_t *in, p9_reader_t *reader)
{
	if (self->is_broken)
		return AX_ERR_IO;
	if (writer->overflows)
		return AX_ERR_NAME_TOO_LONG;
	size_t size = writer->at + (out ? out->bytes : 0);
	for (size_t i = 0; i < 4; i++)
		self->request[i] = (uint8_t)(size >> 8 * i);
	const p9_piece_t request[2] = { { self->request, writer->at }, out ? *out : (p9_piece_t){} };
	/* Of an answer with a payload the header alone is ours; an error's has the same length. */
	const p9_piece_t reply[2] = { { self->reply, in ? P9_READ_HEADER_BYTES : P9_MESSAGE_BYTES }, in ? *in : (p9_piece_t){} };
	size_t got = 0;
	ax_err_t error = self->transport->exchange(self->transport->context, request, reply, &got);
	if (error)
		return error;
	*reader = (p9_reader_t){ .at = self->reply, .left = AX_MIN(got, reply[0].bytes) };
	uint32_t told = p9_get32(reader);
	uint8_t type = p9_get8(reader), asked = self->request[4];
	uint16_t tag = p9_get16(reader);
	if (reader->overruns || told != got || got > reply[0].bytes + reply[1].bytes ||
	    tag != (asked == P9_VERSION ? P9_NO_TAG : self->tag))
		return broken(self);
	if (type == P9_LERROR + 1) {
		uint32_t number = p9_get32(reader);
		return reader->overruns || !number ? broken(self) : error_of(number);
	}
	return type == asked + 1 ? AX_OK : broken(self);
}
