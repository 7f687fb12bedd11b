/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listening. A connection is a socket from its handshake on, so that what the peer sends is received before anybody
 * accepts; it waits in the listener's queue, and is taken off under the listener's own lock.
 */
#include "tcp_socket.h"

#include <axalloc/axalloc.h>
#include <base/base.h>

enum { BACKLOG_MAX = 4096, HALF_OPEN_MAX = 255 };

/* A listener that has closed has no argument. Its connections are reset when it returns an error. */
static err_t on_accept(void *argument, struct tcp_pcb *pcb, err_t error)
{
	ax_tcp_t *listener = argument;
	if (error != ERR_OK || !pcb || !listener || listener->accept_count >= listener->backlog)
		return ERR_MEM;
	ax_tcp_t *tcp = axnet_tcp_alloc(listener->family);
	if (!tcp)
		return ERR_MEM;
	tcp->no_delay = listener->no_delay;
	tcp->keep_idle_ms = listener->keep_idle_ms;
	tcp->keep_interval_ms = listener->keep_interval_ms;
	tcp->keep_count = listener->keep_count;
	tcp->marks = listener->marks;
	tcp->receive_bytes = listener->receive_bytes;
	tcp->send_bytes = listener->send_bytes;
	axnet_tcp_attach(tcp, pcb);
	atomic_store_explicit(&tcp->events.ready, AX_NET_WRITABLE, memory_order_relaxed);
	irq_state_t state = ax_wait_queue_lock(&listener->events.queue);
	if (listener->accept_last)
		listener->accept_last->next = tcp;
	else
		listener->accept_first = tcp;
	listener->accept_last = tcp;
	listener->accept_count++;
	axnet_events_change_and_unlock(&listener->events, state, AX_NET_READABLE, 0);
	return ERR_OK;
}

static ax_err_t listen_locked(ax_tcp_t *tcp)
{
	err_t reason;
	ax_err_t error = axnet_tcp_make_pcb(tcp, tcp->family);
	if (error)
		return error;
	if (!tcp->pcb->local_port) { /* any will do */
		error = axnet_from_lwip_error(tcp_bind(tcp->pcb, tcp->family == AX_IP_V4 ? IP4_ADDR_ANY : IP_ANY_TYPE, 0));
		if (error)
			return error;
		tcp->local.port = tcp->pcb->local_port;
	}
	struct tcp_pcb *listener = tcp_listen_with_backlog_and_err(tcp->pcb, HALF_OPEN_MAX, &reason);
	if (!listener)
		return reason == ERR_MEM ? AX_ERR_NO_MEMORY : axnet_from_lwip_error(reason);
	tcp->pcb = listener;
	tcp->state = SOCKET_LISTENING;
	tcp_arg(listener, tcp);
	tcp_accept(listener, on_accept);
	return AX_OK;
}

ax_err_t ax_tcp_listen(ax_tcp_t *tcp, unsigned backlog)
{
	ax_err_t error = AX_OK;
	axnet_lock();
	tcp->backlog = backlog < 1 ? 1 : AX_MIN(backlog, (unsigned)BACKLOG_MAX);
	if (tcp->state == SOCKET_NEW)
		error = listen_locked(tcp);
	else if (tcp->state != SOCKET_LISTENING)
		error = AX_ERR_INVALID_INPUT;
	axnet_unlock();
	return error;
}

ax_err_t ax_tcp_serve(const ax_endpoint_t *local, unsigned backlog, ax_tcp_t **tcp)
{
	ax_err_t error = ax_tcp_new(local->ip.family, tcp);
	if (error)
		return error;
	error = ax_tcp_bind(*tcp, local, true);
	if (!error)
		error = ax_tcp_listen(*tcp, backlog);
	if (error) {
		ax_tcp_close(*tcp);
		*tcp = NULL;
	}
	return error;
}

/* The first of the queue, or NULL. */
static ax_tcp_t *take_first(ax_tcp_t *listener)
{
	irq_state_t state = ax_wait_queue_lock(&listener->events.queue);
	ax_tcp_t *tcp = listener->accept_first;
	if (tcp) {
		listener->accept_first = tcp->next;
		listener->accept_count--;
		tcp->next = NULL;
	}
	if (!listener->accept_first)
		listener->accept_last = NULL;
	axnet_events_change_and_unlock(&listener->events, state, 0, listener->accept_first ? 0 : AX_NET_READABLE);
	return tcp;
}

ax_err_t ax_tcp_accept(ax_tcp_t *listener, uint64_t deadline_ns, ax_tcp_t **tcp)
{
	*tcp = NULL;
	if (listener->state != SOCKET_LISTENING)
		return AX_ERR_INVALID_INPUT;
	while (!*tcp) {
		ax_err_t error = axnet_events_wait(&listener->events, AX_NET_READABLE, deadline_ns);
		if (error)
			return error;
		*tcp = take_first(listener);
	}
	return AX_OK;
}

void axnet_tcp_drop_accepted(ax_tcp_t *listener)
{
	ax_tcp_t *tcp;
	while ((tcp = take_first(listener))) {
		if (tcp->pcb) {
			axnet_tcp_detach(tcp->pcb);
			tcp_abort(tcp->pcb);
		}
		axnet_tcp_drop_received(tcp);
		axalloc_free(tcp);
	}
}
