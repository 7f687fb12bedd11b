/* SPDX-License-Identifier: Apache-2.0 */
#include <axstd/axstd.h>

enum { ECHO_PORT = 7, SYSTAT_PORT = 11, DECIMAL = 10, PARTS = 64, BACKLOG = 128, FIGURES_BYTES = 512 };

/* Of peers that say nothing: asked after so long, so often, before they are given up. */
enum { IDLE_MS = 5000, ASK_AGAIN_MS = 1000, ASK_TIMES = 5 };

/* What is done with each connection to a port, in a thread of its own. */
typedef struct service {
	ax_err_t (*serve)(ax_tcp_t *peer);
	ax_tcp_t *listener;
} service_t;

typedef struct visit {
	const service_t *service;
	ax_tcp_t *peer;
} visit_t;

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

/* Who is there, and what that takes: a line a figure. @return bytes */
static size_t print_figures(char *text, size_t capacity)
{
	ax_net_usage_t net;
	ax_net_usage(&net);
	axalloc_stats_t memory = axalloc_stats();
	size_t pages_bytes = (memory.total_pages - memory.free_pages) * PAGE_SIZE;
	return ax_print_to(text, capacity,
			   "memory %zu\nheap %zu\nthreads %zu\nconnections %zu\nhalf_open %zu\ntime_wait %zu\n"
			   "lent %zu\nunread %zu\ndropped %llu\n",
			   pages_bytes - memory.heap_bytes + memory.heap_used_bytes, memory.heap_used_bytes, axtask_count(),
			   net.connections, net.half_open, net.time_wait, net.lent, net.unread, (unsigned long long)net.dropped);
}

/* Systat over TCP: we close first. */
static ax_err_t systat(ax_tcp_t *peer)
{
	char text[FIGURES_BYTES];
	size_t sent;
	return ax_tcp_send(peer, text, print_figures(text, sizeof text), AX_NET_FOREVER, &sent);
}

/* And over UDP: a datagram for a datagram. */
static void *serve_systat_udp(void *argument)
{
	ax_udp_t *udp = argument;
	for (;;) {
		char text[FIGURES_BYTES];
		size_t bytes;
		ax_endpoint_t from;
		ax_err_t error = ax_udp_receive(udp, text, sizeof text, AX_NET_FOREVER, &bytes, &from);
		if (!error)
			error = ax_udp_send(udp, text, print_figures(text, sizeof text), &from);
		if (error)
			ax_print("echoserver: %s\n", ax_err_text(error));
	}
	return NULL;
}

static void *serve_peer(void *argument)
{
	AX_SCOPED_MEMORY visit_t *visit = argument;
	AX_SCOPED_TCP peer = visit->peer;
	ax_err_t error = visit->service->serve(peer);
	if (error && error != AX_ERR_CONNECTION_RESET)
		ax_print("echoserver: %s\n", ax_err_text(error));
	return NULL;
}

static bool begin(const service_t *service, ax_tcp_t *peer)
{
	const ax_thread_attr_t detached = { .detached = true };
	visit_t *visit = ax_alloc(sizeof *visit);
	if (!visit)
		return false;
	*visit = (visit_t){ service, peer };
	if (!axtask_spawn(&detached, serve_peer, visit, NULL))
		return true;
	ax_free(visit);
	return false;
}

static void *serve_tcp(void *argument)
{
	service_t *service = argument;
	for (;;) {
		ax_tcp_t *peer;
		ax_err_t error = ax_tcp_accept(service->listener, AX_NET_FOREVER, &peer);
		if (error)
			return NULL;
		ax_tcp_set_no_delay(peer, true);
		ax_tcp_set_keep_alive(peer, IDLE_MS, ASK_AGAIN_MS, ASK_TIMES);
		if (!begin(service, peer))
			ax_tcp_abort(peer); /* no memory for it: the next one may be luckier */
	}
}

static ax_err_t serve_at(uint16_t port, service_t *service)
{
	ax_thread_t *thread;
	ax_err_t error = ax_tcp_serve(&(ax_endpoint_t){ .port = port }, BACKLOG, &service->listener);
	return error ? error : ax_thread_spawn(serve_tcp, service, &thread);
}

static ax_err_t serve_udp(ax_udp_t *udp)
{
	for (;;) {
		ax_udp_loan_t *loan;
		ax_net_piece_t pieces[PARTS];
		ax_err_t error = ax_udp_borrow(udp, AX_NET_FOREVER, &loan);
		if (error)
			return error;
		error = ax_udp_send_pieces(udp, pieces, ax_udp_loan_pieces(loan, pieces, PARTS), ax_udp_loan_from(loan));
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

static ax_err_t bind_udp(uint16_t port, ax_udp_t **udp)
{
	ax_err_t error = ax_udp_new(AX_IP_ANY, udp);
	return error ? error : ax_udp_bind(*udp, &(ax_endpoint_t){ .port = port }, false);
}

int main(int argc, char **argv)
{
	static service_t s_echo = { .serve = echo }, s_systat = { .serve = systat };
	uint16_t port = argc > 1 ? parse_port(argv[1]) : ECHO_PORT;
	AX_SCOPED_UDP udp = NULL;
	AX_SCOPED_UDP systat_udp = NULL;
	ax_thread_t *thread;
	if (!port) {
		ax_print("echoserver: %s is no port\n", argv[1]);
		return 2;
	}
	ax_err_t error = bind_udp(port, &udp);
	if (!error)
		error = bind_udp(SYSTAT_PORT, &systat_udp);
	if (!error)
		error = ax_thread_spawn(serve_systat_udp, systat_udp, &thread);
	if (!error)
		error = serve_at(SYSTAT_PORT, &s_systat);
	if (!error)
		error = serve_at(port, &s_echo);
	if (!error) {
		ax_print("echoserver: port %u\n", port);
		error = serve_udp(udp);
	}
	ax_print("echoserver: %s\n", ax_err_text(error));
	return 1;
}
