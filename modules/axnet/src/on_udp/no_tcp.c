/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the datagram stack has not: connections. Asking for a socket fails with AX_ERR_UNKNOWN_PROTOCOL; so nobody has one, and
 * the other calls are there to be linked. Nor does it ask name servers: addresses in text are all that it resolves.
 */
#include "stack.h"

#include <axnet/dns.h>
#include <axnet/tcp.h>

ax_err_t ax_tcp_new([[maybe_unused]] ax_ip_family_t family, ax_tcp_t **tcp)
{
	*tcp = NULL;
	return AX_ERR_UNKNOWN_PROTOCOL;
}

ax_err_t ax_tcp_serve([[maybe_unused]] const ax_endpoint_t *local, [[maybe_unused]] unsigned backlog, ax_tcp_t **tcp)
{
	return ax_tcp_new(AX_IP_V4, tcp);
}

ax_err_t ax_tcp_connect([[maybe_unused]] const ax_endpoint_t *remote, [[maybe_unused]] uint64_t deadline_ns, ax_tcp_t **tcp)
{
	return ax_tcp_new(AX_IP_V4, tcp);
}

void ax_tcp_close([[maybe_unused]] ax_tcp_t *tcp)
{
}

void ax_tcp_abort([[maybe_unused]] ax_tcp_t *tcp)
{
}

ax_err_t ax_tcp_bind([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] const ax_endpoint_t *local, [[maybe_unused]] bool reuse)
{
	return AX_ERR_UNKNOWN_PROTOCOL;
}

ax_err_t ax_tcp_listen([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] unsigned backlog)
{
	return AX_ERR_UNKNOWN_PROTOCOL;
}

ax_err_t ax_tcp_accept([[maybe_unused]] ax_tcp_t *listener, [[maybe_unused]] uint64_t deadline_ns, ax_tcp_t **tcp)
{
	return ax_tcp_new(AX_IP_V4, tcp);
}

ax_err_t ax_tcp_start_connect([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] const ax_endpoint_t *remote)
{
	return AX_ERR_UNKNOWN_PROTOCOL;
}

ax_err_t ax_tcp_connected([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] uint64_t deadline_ns)
{
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_receive([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] void *buffer, [[maybe_unused]] size_t capacity,
		        [[maybe_unused]] uint64_t deadline_ns, size_t *received)
{
	*received = 0;
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_peek([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] void *buffer, [[maybe_unused]] size_t capacity,
		     [[maybe_unused]] uint64_t deadline_ns, size_t *received)
{
	*received = 0;
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_borrow([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] uint64_t deadline_ns, const void **data, size_t *bytes)
{
	*data = NULL;
	*bytes = 0;
	return AX_ERR_NOT_CONNECTED;
}

void ax_tcp_return([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] size_t bytes)
{
}

size_t ax_tcp_available([[maybe_unused]] ax_tcp_t *tcp)
{
	return 0;
}

ax_err_t ax_tcp_send_pieces([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] const ax_net_piece_t *pieces,
			    [[maybe_unused]] size_t count, [[maybe_unused]] uint64_t deadline_ns, size_t *sent)
{
	*sent = 0;
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_lend([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] const void *data, [[maybe_unused]] size_t bytes,
		     [[maybe_unused]] uint64_t deadline_ns, size_t *sent)
{
	*sent = 0;
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_taken([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] uint64_t deadline_ns)
{
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_shutdown([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] bool receiving, [[maybe_unused]] bool sending)
{
	return AX_ERR_NOT_CONNECTED;
}

void ax_tcp_set_no_delay([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] bool no_delay)
{
}

void ax_tcp_set_keep_alive([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] uint32_t idle_ms, [[maybe_unused]] uint32_t interval_ms,
			   [[maybe_unused]] uint32_t count)
{
}

void ax_tcp_set_marks([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] const ax_net_marks_t *marks)
{
}

void ax_tcp_set_buffers([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] size_t receive_bytes, [[maybe_unused]] size_t send_bytes)
{
}

void ax_tcp_local([[maybe_unused]] ax_tcp_t *tcp, ax_endpoint_t *local)
{
	*local = (ax_endpoint_t){};
}

ax_err_t ax_tcp_remote([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] ax_endpoint_t *remote)
{
	return AX_ERR_NOT_CONNECTED;
}

ax_err_t ax_tcp_take_error([[maybe_unused]] ax_tcp_t *tcp)
{
	return AX_OK;
}

bool ax_tcp_is_listening([[maybe_unused]] const ax_tcp_t *tcp)
{
	return false;
}

unsigned ax_tcp_ready([[maybe_unused]] const ax_tcp_t *tcp)
{
	return AX_NET_FAILED;
}

void ax_tcp_watch([[maybe_unused]] ax_tcp_t *tcp, [[maybe_unused]] ax_net_watch_t *watch, [[maybe_unused]] void *context)
{
}

ax_err_t ax_dns_resolve(const char *name, ax_ip_family_t family, [[maybe_unused]] uint64_t deadline_ns, ax_ip_t *ip)
{
	if (ax_ip_parse(name, ip))
		return AX_ERR_NOT_SUPPORTED;
	return family == AX_IP_ANY || family == ip->family ? AX_OK : AX_ERR_NOT_FOUND;
}
