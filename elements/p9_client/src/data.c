/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads: read(5), Treaddir. */
#include <base/base.h>
#include <memstr/memstr.h>

#include "message.h"

enum { WRITE_HEADER_BYTES = P9_HEADER_BYTES + 4 + 8 + 4 };

static p9_writer_t transfer(p9_client_t *self, uint8_t type, uint32_t fid, uint64_t offset, size_t bytes)
{
	p9_writer_t writer = p9_request(self, type);
	p9_put32(&writer, fid);
	p9_put64(&writer, offset);
	p9_put32(&writer, (uint32_t)bytes);
	return writer;
}

ax_err_t p9_read(p9_client_t *self, uint32_t fid, uint64_t offset, void *buffer, size_t bytes, size_t *done)
{
	p9_piece_t in = { buffer, AX_MIN(bytes, self->message_bytes - (size_t)P9_READ_HEADER_BYTES) };
	p9_writer_t writer = transfer(self, P9_READ, fid, offset, in.bytes);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, &in, &reader);
	if (error)
		return error;
	uint32_t told = 0; /* the message's size: the header's first field, which is what was received */
	for (size_t i = 0; i < 4; i++)
		told |= (uint32_t)self->reply[i] << 8 * i;
	*done = p9_get32(&reader);
	reader.overruns |= *done > in.bytes || *done + P9_READ_HEADER_BYTES != told;
	return p9_end(self, &reader);
}

ax_err_t p9_write(p9_client_t *self, uint32_t fid, uint64_t offset, const void *buffer, size_t bytes, size_t *done)
{
	p9_piece_t out = { (void *)(uintptr_t)buffer, AX_MIN(bytes, self->message_bytes - (size_t)WRITE_HEADER_BYTES) };
	p9_writer_t writer = transfer(self, P9_WRITE, fid, offset, out.bytes);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, &out, NULL, &reader);
	if (error)
		return error;
	*done = p9_get32(&reader);
	reader.overruns |= *done > out.bytes;
	return p9_end(self, &reader);
}

ax_err_t p9_read_directory(p9_client_t *self, uint32_t fid, uint64_t offset, bool (*emit)(void *context, const p9_entry_t *entry),
			   void *context, bool *is_end)
{
	p9_writer_t writer = transfer(self, P9_READDIR, fid, offset, P9_MESSAGE_BYTES - P9_READ_HEADER_BYTES);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	uint32_t bytes = p9_get32(&reader);
	reader.overruns |= bytes != reader.left;
	*is_end = !bytes;
	while (!reader.overruns && reader.left) {
		p9_entry_t entry = { .qid = p9_get_qid(&reader) };
		entry.next = p9_get64(&reader);
		entry.type = p9_get8(&reader);
		entry.name = p9_get_string(&reader, &entry.name_bytes);
		reader.overruns |= !entry.name_bytes || memchr(entry.name, '/', entry.name_bytes) ||
				   memchr(entry.name, 0, entry.name_bytes);
		if (!reader.overruns && !emit(context, &entry))
			break;
	}
	return p9_end(self, &reader);
}
