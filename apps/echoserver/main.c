/* SPDX-License-Identifier: Apache-2.0 */
#include <axstd/axstd.h>

enum { ECHO_PORT = 7, DECIMAL = 10, PARTS = 64 };

/* What was received goes out from where the interface put it, and is given back when the peer has it. */
static ax_err_t echo(ax_tcp_t *peer)
{
	for (;;) {
		const void *data;
		size_t bytes, sent;
		ax_err_t error = ax_tcp_borrow(peer, AX_NET_FOREVER, &data, &bytes);
		if (error || !bytes)
			return error;
		error = ax_tcp_send(peer, data, bytes, AX_NET_FOREVER, &sent);
		ax_tcp_return(peer, bytes);
		if (error)
			return error;
	}
}

static void *serve_peer(void *argument)
{
	AX_SCOPED_TCP peer = argument;
	ax_err_t error = echo(peer);
	if (error)
		ax_print("echoserver: %s\n", ax_err_text(error));
	return NULL;
}

static void *serve_tcp(void *argument)
{
	const ax_thread_attr_t detached = { .detached = true };
	ax_tcp_t *listener = argument;
	for (;;) {
		ax_tcp_t *peer;
		ax_err_t error = ax_tcp_accept(listener, AX_NET_FOREVER, &peer);
		if (error)
			return NULL;
		ax_tcp_set_no_delay(peer, true);
		if (axtask_spawn(&detached, serve_peer, peer, NULL))
			ax_tcp_abort(peer); /* no memory for it: the next one may be luckier */
	}
}

static ax_err_t serve_udp(ax_udp_t *udp)
{
	for (;;) {
		ax_udp_loan_t *loan;
		ax_net_piece_t pieces[PARTS];
		size_t count = 0;
		ax_err_t error = ax_udp_borrow(udp, AX_NET_FOREVER, &loan);
		if (error)
			return error;
		const void *part = NULL;
		while (count < PARTS && (part = ax_udp_loan_part(loan, part, &pieces[count].bytes)))
			pieces[count++].start = part;
		error = ax_udp_send_pieces(udp, pieces, count, ax_udp_loan_from(loan));
		if (error)
			ax_print("echoserver: %s\n", ax_err_text(error));
		ax_udp_return(loan);
	}
}

static uint16_t parse_port(const char *text)
{
	unsigned port = 0;
	for (; *text >= '0' && *text <= '9' && port <= UINT16_MAX; text++)
		port = port * DECIMAL + (unsigned)(*text - '0');
	return *text || port > UINT16_MAX ? 0 : (uint16_t)port;
}

int main(int argc, char **argv)
{
	ax_endpoint_t here = { .port = argc > 1 ? parse_port(argv[1]) : ECHO_PORT };
	AX_SCOPED_TCP listener = NULL;
	AX_SCOPED_UDP udp = NULL;
	ax_thread_t *thread;
	if (!here.port) {
		ax_print("echoserver: %s is no port\n", argv[1]);
		return 2;
	}
	ax_err_t error = ax_tcp_serve(&here, 128, &listener);
	if (!error)
		error = ax_udp_new(AX_IP_ANY, &udp);
	if (!error)
		error = ax_udp_bind(udp, &here, false);
	if (!error)
		error = ax_thread_spawn(serve_tcp, listener, &thread);
	if (!error) {
		ax_print("echoserver: port %u\n", here.port);
		error = serve_udp(udp);
	}
	ax_print("echoserver: %s\n", ax_err_text(error));
	return 1;
}
