/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

enum { HTTP_PORT = 80, BACKLOG = 512 };

static const char *s_folder = "/";

static void *serve_peer(void *argument)
{
	AX_SCOPED_MEMORY connection_t *connection = argument;
	serve(connection);
	ax_tcp_close(connection->peer);
	return NULL;
}

static void begin(ax_tcp_t *peer)
{
	const ax_thread_attr_t detached = { .detached = true };
	connection_t *connection = ax_alloc(sizeof *connection);
	if (connection) {
		connection->peer = peer;
		connection->folder = s_folder;
		connection->received = 0;
		connection->close = false;
		ax_tcp_set_no_delay(peer, true);
		if (axtask_spawn(&detached, serve_peer, connection, NULL) == AX_OK)
			return;
	}
	ax_free(connection);
	ax_tcp_abort(peer); /* no memory for it: the next one may be luckier */
}

int main(int argc, char **argv)
{
	uint64_t port = HTTP_PORT;
	AX_SCOPED_TCP listener = NULL;
	if (argc > 1 && (!http_decimal((http_text_t){ argv[1], strlen(argv[1]) }, &port) || !port || port > UINT16_MAX)) {
		ax_print("httpserver: %s is no port\n", argv[1]);
		return 2;
	}
	if (argc > 2)
		s_folder = argv[2];
	AX_SCOPED_FILE folder = {};
	ax_err_t error = ax_file_open(s_folder, AX_OPEN_DIRECTORY, &folder);
	if (error) {
		ax_print("httpserver: %s: %s\n", s_folder, ax_err_text(error));
		return 2;
	}
	error = ax_tcp_serve(&(ax_endpoint_t){ .port = (uint16_t)port }, BACKLOG, &listener);
	if (!error)
		ax_print("httpserver: port %u, files of %s\n", (unsigned)port, s_folder);
	while (!error) {
		ax_tcp_t *peer;
		error = ax_tcp_accept(listener, AX_NET_FOREVER, &peer);
		if (!error)
			begin(peer);
	}
	ax_print("httpserver: %s\n", ax_err_text(error));
	return 1;
}
