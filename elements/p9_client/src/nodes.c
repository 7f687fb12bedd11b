/* SPDX-License-Identifier: Apache-2.0 */
/* Fids, and what a node is: walk(5), clunk(5); Tlopen, Tgetattr, Tsetattr, Treadlink, Tstatfs, Tfsync. */
#include <base/base.h>
#include <memstr/memstr.h>

#include "message.h"

/* st_mode up to st_blocks: P9_GETATTR_BASIC. */
#define ATTRIBUTES UINT64_C(0x7ff)

#define NS_PER_S INT64_C(1000000000)

ax_err_t p9_walk(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t *found, p9_qid_t *qid)
{
	/* Numbers are not used twice: 2^32 walks are more than any image does. */
	*found = self->next_fid++;
	if (self->next_fid == P9_NO_FID)
		return AX_ERR_NO_SPACE;
	p9_writer_t writer = p9_request(self, P9_WALK);
	p9_put32(&writer, fid);
	p9_put32(&writer, *found);
	p9_put16(&writer, bytes != 0);
	if (bytes)
		p9_put_string(&writer, name, bytes);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	uint16_t count = p9_get16(&reader);
	if (bytes && !count && !reader.overruns)
		return AX_ERR_NOT_FOUND;
	if (bytes)
		*qid = p9_get_qid(&reader);
	reader.overruns |= count != (bytes != 0);
	return p9_end(self, &reader);
}

ax_err_t p9_clunk(p9_client_t *self, uint32_t fid)
{
	p9_writer_t writer = p9_request(self, P9_CLUNK);
	p9_put32(&writer, fid);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}

ax_err_t p9_open(p9_client_t *self, uint32_t fid, uint32_t flags, p9_qid_t *qid, uint32_t *unit)
{
	p9_writer_t writer = p9_request(self, P9_LOPEN);
	p9_put32(&writer, fid);
	p9_put32(&writer, flags);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	*qid = p9_get_qid(&reader);
	*unit = p9_get32(&reader);
	return p9_end(self, &reader);
}

/* Seconds and nanoseconds; what no int64_t of nanoseconds holds becomes its end. */
static int64_t get_time(p9_reader_t *reader)
{
	int64_t seconds = (int64_t)p9_get64(reader), ns = (int64_t)p9_get64(reader), all;
	if (__builtin_mul_overflow(seconds, NS_PER_S, &all) || __builtin_add_overflow(all, ns, &all))
		return seconds < 0 ? INT64_MIN : INT64_MAX;
	return all;
}

ax_err_t p9_get_attributes(p9_client_t *self, uint32_t fid, p9_attributes_t *attributes)
{
	p9_writer_t writer = p9_request(self, P9_GETATTR);
	p9_put32(&writer, fid);
	p9_put64(&writer, ATTRIBUTES);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	(void)p9_get64(&reader); /* which are valid: those of ATTRIBUTES always are */
	attributes->qid = p9_get_qid(&reader);
	attributes->mode = p9_get32(&reader);
	attributes->uid = p9_get32(&reader);
	attributes->gid = p9_get32(&reader);
	attributes->links = p9_get64(&reader);
	attributes->device = p9_get64(&reader);
	attributes->size = p9_get64(&reader);
	attributes->block_bytes = p9_get64(&reader);
	attributes->blocks = p9_get64(&reader);
	attributes->accessed_ns = get_time(&reader);
	attributes->modified_ns = get_time(&reader);
	attributes->changed_ns = get_time(&reader);
	return p9_end(self, &reader);
}

static void put_time(p9_writer_t *writer, int64_t time_ns)
{
	int64_t seconds = time_ns / NS_PER_S, ns = time_ns % NS_PER_S;
	if (ns < 0) {
		seconds--;
		ns += NS_PER_S;
	}
	p9_put64(writer, (uint64_t)seconds);
	p9_put64(writer, (uint64_t)ns);
}

ax_err_t p9_set_attributes(p9_client_t *self, uint32_t fid, uint32_t which, const p9_attributes_t *attributes)
{
	p9_writer_t writer = p9_request(self, P9_SETATTR);
	p9_put32(&writer, fid);
	p9_put32(&writer, which);
	p9_put32(&writer, attributes->mode);
	p9_put32(&writer, attributes->uid);
	p9_put32(&writer, attributes->gid);
	p9_put64(&writer, attributes->size);
	put_time(&writer, attributes->accessed_ns);
	put_time(&writer, attributes->modified_ns);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}

ax_err_t p9_read_link(p9_client_t *self, uint32_t fid, char *target, size_t capacity, size_t *bytes)
{
	p9_writer_t writer = p9_request(self, P9_READLINK);
	p9_put32(&writer, fid);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	const char *text = p9_get_string(&reader, bytes);
	memcpy(target, text, AX_MIN(*bytes, capacity));
	return p9_end(self, &reader);
}

ax_err_t p9_get_statfs(p9_client_t *self, uint32_t fid, p9_statfs_t *stat)
{
	p9_writer_t writer = p9_request(self, P9_STATFS);
	p9_put32(&writer, fid);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	stat->type = p9_get32(&reader);
	stat->block_bytes = p9_get32(&reader);
	stat->blocks = p9_get64(&reader);
	stat->free_blocks = p9_get64(&reader);
	stat->available_blocks = p9_get64(&reader);
	stat->files = p9_get64(&reader);
	stat->free_files = p9_get64(&reader);
	stat->id = p9_get64(&reader);
	stat->name_max = p9_get32(&reader);
	return p9_end(self, &reader);
}

ax_err_t p9_fsync(p9_client_t *self, uint32_t fid, bool data_only)
{
	p9_writer_t writer = p9_request(self, P9_FSYNC);
	p9_put32(&writer, fid);
	p9_put32(&writer, data_only);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}
