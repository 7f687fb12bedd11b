/* SPDX-License-Identifier: Apache-2.0 */
/* The begin: version(5), attach(5). */
#include <base/base.h>
#include <memstr/memstr.h>

#include "message.h"

#define VERSION "9P2000.L"

static ax_err_t negotiate(p9_client_t *self)
{
	p9_writer_t writer = p9_request(self, P9_VERSION);
	p9_put32(&writer, (uint32_t)AX_MIN(self->transport->max_bytes, (size_t)UINT32_MAX));
	p9_put_string(&writer, VERSION, sizeof VERSION - 1);
	p9_reader_t reader;
	ax_err_t error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	self->message_bytes = p9_get32(&reader);
	size_t bytes;
	const char *version = p9_get_string(&reader, &bytes);
	error = p9_end(self, &reader);
	if (error)
		return error;
	bool is_ours = bytes == sizeof VERSION - 1 && !memcmp(version, VERSION, bytes);
	if (!is_ours || self->message_bytes < P9_MESSAGE_BYTES)
		return AX_ERR_NOT_SUPPORTED;
	return self->message_bytes > self->transport->max_bytes ? AX_ERR_IO : AX_OK;
}

ax_err_t p9_begin(p9_client_t *self, const p9_transport_t *transport, const char *path, uint32_t uid, uint32_t *root,
		  p9_qid_t *qid)
{
	self->transport = transport;
	self->next_fid = 0;
	self->tag = 0;
	self->is_broken = false;
	ax_err_t error = negotiate(self);
	if (error)
		return error;
	*root = self->next_fid++;
	p9_writer_t writer = p9_request(self, P9_ATTACH);
	p9_put32(&writer, *root);
	p9_put32(&writer, P9_NO_FID); /* no authentication */
	p9_put_string(&writer, "", 0);
	p9_put_string(&writer, path, strlen(path));
	p9_put32(&writer, uid);
	p9_reader_t reader;
	error = p9_call(self, &writer, NULL, NULL, &reader);
	if (error)
		return error;
	*qid = p9_get_qid(&reader);
	return p9_end(self, &reader);
}
