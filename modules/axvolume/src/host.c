/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Servers at the other end of sockets that the host has handed over: the environment names them, AX_VOLUME0=FD:/path and so
 * on.
 */
#include <axhal/boot.h>
#include <axhal/host_file.h>
#include <axlog/axlog.h>
#include <axvolume/axvolume.h>
#include <base/base.h>
#include <memstr/memstr.h>

#include "mount.h"

enum { VOLUMES_MAX = 10, MESSAGE_BYTES_MAX = 256 << 10, SIZE_BYTES = 4 };

typedef struct volume {
	p9_transport_t transport;
	int stream;
	bool is_dead; /* it is not known where its next message begins */
} volume_t;

static volume_t s_volumes[VOLUMES_MAX];

static ax_err_t send(const volume_t *self, const p9_piece_t request[2])
{
	ax_err_t error = axhal_host_stream_write(self->stream, request[0].start, request[0].bytes);
	return error || !request[1].bytes ? error : axhal_host_stream_write(self->stream, request[1].start, request[1].bytes);
}

/* A message, which begins with its size (intro(5)), into the pieces one after the other. */
static ax_err_t receive(const volume_t *self, const p9_piece_t reply[2], size_t *bytes)
{
	uint8_t *head = reply[0].start;
	ax_err_t error = axhal_host_stream_read(self->stream, head, SIZE_BYTES);
	if (error)
		return error;
	*bytes = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
	if (*bytes < SIZE_BYTES || *bytes > reply[0].bytes + reply[1].bytes)
		return AX_ERR_IO;
	const size_t first = AX_MIN(*bytes, reply[0].bytes);
	error = axhal_host_stream_read(self->stream, head + SIZE_BYTES, first - SIZE_BYTES);
	return error || *bytes == first ? error : axhal_host_stream_read(self->stream, reply[1].start, *bytes - first);
}

static ax_err_t exchange(void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes)
{
	volume_t *self = context;
	if (self->is_dead)
		return AX_ERR_NO_DEVICE;
	ax_err_t error = send(self, request);
	if (!error)
		error = receive(self, reply, bytes);
	self->is_dead = error != AX_OK;
	return error;
}

/* The path behind "FD:", or NULL. */
static const char *parse(const char *value, int *stream)
{
	int number = 0;
	const char *at = value;
	for (; *at >= '0' && *at <= '9' && number < 100000; at++)
		number = number * 10 + (*at - '0');
	*stream = number;
	return at > value && *at == ':' ? at + 1 : NULL;
}

void axvolume_init(void)
{
	char variable[] = "AX_VOLUME0";
	for (size_t i = 0; i < VOLUMES_MAX; i++) {
		variable[sizeof variable - 2] = (char)('0' + i);
		const char *value = axhal_boot_env(variable);
		if (!value)
			break;
		volume_t *volume = &s_volumes[i];
		*volume = (volume_t){ .transport = { exchange, volume, MESSAGE_BYTES_MAX } };
		const char *path = parse(value, &volume->stream);
		ax_err_t error = path ? axvolume_mount(&volume->transport, path) : AX_ERR_INVALID_INPUT;
		if (error)
			ax_error("%s=%s: a volume that cannot be mounted: %s", variable, value, ax_err_text(error));
		else
			ax_info("%s: a folder of the host", path);
	}
}
