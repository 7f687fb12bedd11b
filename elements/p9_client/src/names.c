/* SPDX-License-Identifier: Apache-2.0 */
/* What changes directories: Tlcreate, Tmkdir, Tsymlink, Tlink, Trenameat, Tunlinkat. */
#include "message.h"

enum { AT_REMOVEDIR = 0x200 };

/* An answer that is a qid. */
static ax_err_t call_for_qid(p9_client_t *self, p9_writer_t *writer, p9_qid_t *qid)
{
	p9_reader_t reader;
	ax_err_t error = p9_call(self, writer, NULL, NULL, &reader);
	if (error)
		return error;
	*qid = p9_get_qid(&reader);
	return p9_end(self, &reader);
}

ax_err_t p9_create(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t flags, uint32_t mode,
		   uint32_t gid, p9_qid_t *qid, uint32_t *unit)
{
	p9_writer_t writer = p9_request(self, P9_LCREATE);
	p9_put32(&writer, fid);
	p9_put_string(&writer, name, bytes);
	p9_put32(&writer, flags);
	p9_put32(&writer, mode);
	p9_put32(&writer, gid);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	*qid = p9_get_qid(&reader);
	*unit = p9_get32(&reader);
	return p9_end(self, &reader);
}

ax_err_t p9_make_directory(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t mode, uint32_t gid,
			   p9_qid_t *qid)
{
	p9_writer_t writer = p9_request(self, P9_MKDIR);
	p9_put32(&writer, fid);
	p9_put_string(&writer, name, bytes);
	p9_put32(&writer, mode);
	p9_put32(&writer, gid);
	return call_for_qid(self, &writer, qid);
}

ax_err_t p9_make_symlink(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, const char *target,
			 size_t target_bytes, uint32_t gid, p9_qid_t *qid)
{
	p9_writer_t writer = p9_request(self, P9_SYMLINK);
	p9_put32(&writer, fid);
	p9_put_string(&writer, name, bytes);
	p9_put_string(&writer, target, target_bytes);
	p9_put32(&writer, gid);
	return call_for_qid(self, &writer, qid);
}

ax_err_t p9_link(p9_client_t *self, uint32_t directory, uint32_t fid, const char *name, size_t bytes)
{
	p9_writer_t writer = p9_request(self, P9_LINK);
	p9_put32(&writer, directory);
	p9_put32(&writer, fid);
	p9_put_string(&writer, name, bytes);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}

ax_err_t p9_rename(p9_client_t *self, uint32_t from, const char *from_name, size_t from_bytes, uint32_t to,
		   const char *to_name, size_t to_bytes)
{
	p9_writer_t writer = p9_request(self, P9_RENAMEAT);
	p9_put32(&writer, from);
	p9_put_string(&writer, from_name, from_bytes);
	p9_put32(&writer, to);
	p9_put_string(&writer, to_name, to_bytes);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}

ax_err_t p9_unlink(p9_client_t *self, uint32_t directory, const char *name, size_t bytes, bool is_directory)
{
	p9_writer_t writer = p9_request(self, P9_UNLINKAT);
	p9_put32(&writer, directory);
	p9_put_string(&writer, name, bytes);
	p9_put32(&writer, is_directory ? AT_REMOVEDIR : 0);
	p9_reader_t reader;
	return p9_call(self, &writer, NULL, NULL, &reader);
}
