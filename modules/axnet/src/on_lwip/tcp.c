/* SPDX-License-Identifier: Apache-2.0 */
/* TCP sockets: making, connecting, closing, and what lwIP tells of a connection's fate. */
#include "tcp_socket.h"

#include <axalloc/axalloc.h>
#include <base/base.h>
#include <memstr/memstr.h>

enum { RECEIVE_ALL = AX_NET_READABLE | AX_NET_ENDED };

ax_tcp_t *axnet_tcp_alloc(ax_ip_family_t family)
{
	ax_tcp_t *tcp = axalloc_alloc(sizeof *tcp, 0);
	if (tcp) {
		memset(tcp, 0, sizeof *tcp);
		tcp->family = family;
		tcp->marks = AX_NET_MARKS;
		tcp->receive_bytes = tcp->send_bytes = AX_NET_BUFFER_MAX;
	}
	return tcp;
}

ax_err_t ax_tcp_new(ax_ip_family_t family, ax_tcp_t **tcp)
{
	*tcp = axnet_tcp_alloc(family);
	return *tcp ? AX_OK : AX_ERR_NO_MEMORY;
}

/* The connection is gone, and the pcb with it. */
static void on_error(void *argument, err_t error)
{
	ax_tcp_t *tcp = argument;
	if (!tcp)
		return;
	ax_err_t reason = error == ERR_RST && tcp->state == SOCKET_CONNECTING ? AX_ERR_CONNECTION_REFUSED
									   : axnet_from_lwip_error(error);
	bool in_order = error == ERR_CLSD; /* both sides have closed */
	tcp->pcb = NULL;
	if (in_order)
		tcp->acknowledged = tcp->queued;
	else
		tcp->state = SOCKET_FAILED;
	irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
	if (!in_order)
		tcp->error = reason;
	axnet_events_change_and_unlock(&tcp->events, state,
				       RECEIVE_ALL | AX_NET_WRITABLE | (in_order ? 0 : AX_NET_FAILED), 0);
}

static err_t on_sent(void *argument, [[maybe_unused]] struct tcp_pcb *pcb, u16_t bytes)
{
	ax_tcp_t *tcp = argument;
	tcp->acknowledged += bytes;
	if (!(axnet_events_ready(&tcp->events) & AX_NET_WRITABLE) && axnet_tcp_has_room(tcp))
		axnet_events_change(&tcp->events, AX_NET_WRITABLE, 0);
	else if (tcp->lent && tcp->acknowledged >= tcp->lent)
		axnet_events_wake(&tcp->events);
	return ERR_OK;
}

static err_t on_connected(void *argument, struct tcp_pcb *pcb, [[maybe_unused]] err_t error)
{
	ax_tcp_t *tcp = argument;
	axnet_tcp_attach(tcp, pcb);
	axnet_events_change(&tcp->events, AX_NET_WRITABLE, 0);
	return ERR_OK;
}

static void apply_options(const ax_tcp_t *tcp)
{
	struct tcp_pcb *pcb = tcp->pcb;
	if (tcp->no_delay)
		tcp_nagle_disable(pcb);
	else
		tcp_nagle_enable(pcb);
	if (tcp->keep_idle_ms) {
		ip_set_option(pcb, SOF_KEEPALIVE);
		pcb->keep_idle = tcp->keep_idle_ms;
		pcb->keep_intvl = tcp->keep_interval_ms;
		pcb->keep_cnt = tcp->keep_count;
	} else {
		ip_reset_option(pcb, SOF_KEEPALIVE);
	}
	pcb->ttl = tcp->marks.hops;
	pcb->tos = tcp->marks.service;
}

static void set_callbacks(ax_tcp_t *tcp)
{
	tcp_arg(tcp->pcb, tcp);
	tcp_recv(tcp->pcb, axnet_tcp_on_receive);
	tcp_sent(tcp->pcb, on_sent);
	tcp_err(tcp->pcb, on_error);
}

void axnet_tcp_attach(ax_tcp_t *tcp, struct tcp_pcb *pcb)
{
	tcp->pcb = pcb;
	tcp->local = (ax_endpoint_t){ axnet_from_lwip(&pcb->local_ip), pcb->local_port };
	tcp->remote = (ax_endpoint_t){ axnet_from_lwip(&pcb->remote_ip), pcb->remote_port };
	tcp->state = SOCKET_CONNECTED;
	set_callbacks(tcp);
	apply_options(tcp);
	axnet_tcp_apply_buffers(tcp);
}

void axnet_tcp_detach(struct tcp_pcb *pcb)
{
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
}

ax_err_t axnet_tcp_make_pcb(ax_tcp_t *tcp, ax_ip_family_t family)
{
	if (tcp->pcb)
		return AX_OK;
	tcp->pcb = tcp_new_ip_type(axnet_lwip_type(family));
	if (!tcp->pcb)
		return AX_ERR_NO_MEMORY;
	tcp_arg(tcp->pcb, NULL);
	return AX_OK;
}

ax_err_t ax_tcp_bind(ax_tcp_t *tcp, const ax_endpoint_t *local, bool reuse)
{
	ip_addr_t ip;
	ax_ip_t wanted = local->ip;
	if (tcp->state != SOCKET_NEW || tcp->pcb)
		return AX_ERR_INVALID_INPUT;
	if (wanted.family == AX_IP_ANY)
		wanted.family = tcp->family;
	else if (tcp->family != AX_IP_ANY && wanted.family != tcp->family)
		return AX_ERR_INVALID_INPUT;
	axnet_lock();
	ax_err_t error = axnet_tcp_make_pcb(tcp, wanted.family);
	if (!error) {
		if (reuse)
			ip_set_option(tcp->pcb, SOF_REUSEADDR);
		axnet_to_lwip(&wanted, &ip);
		if (!ip_addr_isany(&ip) && wanted.family == AX_IP_V4 && !ip4_addr_isloopback(ip_2_ip4(&ip)) &&
		    ip4_route(ip_2_ip4(&ip)) == NULL)
			error = AX_ERR_ADDRESS_NOT_AVAILABLE;
		else
			error = axnet_from_lwip_error(tcp_bind(tcp->pcb, &ip, local->port));
		if (error) {
			tcp_abort(tcp->pcb);
			tcp->pcb = NULL;
		} else {
			tcp->local = (ax_endpoint_t){ wanted, tcp->pcb->local_port };
		}
	}
	axnet_unlock();
	return error;
}

static ax_err_t connect_locked(ax_tcp_t *tcp, const ax_endpoint_t *remote)
{
	ip_addr_t ip;
	if (tcp->state == SOCKET_CONNECTING)
		return AX_ERR_ALREADY;
	if (tcp->state == SOCKET_CONNECTED)
		return AX_ERR_CONNECTED;
	if (tcp->state != SOCKET_NEW || remote->ip.family == AX_IP_ANY)
		return AX_ERR_INVALID_INPUT;
	if (tcp->family != AX_IP_ANY && tcp->family != remote->ip.family)
		return AX_ERR_ADDRESS_FAMILY;
	ax_err_t error = axnet_tcp_make_pcb(tcp, remote->ip.family);
	if (error)
		return error;
	ax_ip_t target = remote->ip;
	if (ax_ip_is_unspecified(&target)) /* this machine */
		target.bytes[target.family == AX_IP_V4 ? 0 : 15] = target.family == AX_IP_V4 ? 127 : 1;
	if (target.family == AX_IP_V4 && target.bytes[0] == 127)
		target.bytes[3] |= !target.bytes[3];
	axnet_to_lwip(&target, &ip);
	if (!axnet_can_reach(&ip))
		return AX_ERR_NETWORK_UNREACHABLE;
	set_callbacks(tcp);
	error = axnet_from_lwip_error(tcp_connect(tcp->pcb, &ip, remote->port, on_connected));
	if (error) {
		axnet_tcp_detach(tcp->pcb);
		return error;
	}
	tcp->state = SOCKET_CONNECTING;
	tcp->local = (ax_endpoint_t){ axnet_from_lwip(&tcp->pcb->local_ip), tcp->pcb->local_port };
	tcp->remote = (ax_endpoint_t){ target, remote->port };
	return AX_ERR_IN_PROGRESS;
}

ax_err_t ax_tcp_start_connect(ax_tcp_t *tcp, const ax_endpoint_t *remote)
{
	axnet_lock();
	ax_err_t error = connect_locked(tcp, remote);
	axnet_unlock();
	return error;
}

ax_err_t ax_tcp_connected(ax_tcp_t *tcp, uint64_t deadline_ns)
{
	if (tcp->state == SOCKET_NEW || tcp->state == SOCKET_LISTENING)
		return AX_ERR_NOT_CONNECTED;
	ax_err_t error = axnet_events_wait(&tcp->events, AX_NET_WRITABLE | AX_NET_FAILED, deadline_ns);
	if (error)
		return error;
	error = ax_tcp_take_error(tcp);
	return error ? error : tcp->state == SOCKET_FAILED ? AX_ERR_NOT_CONNECTED : AX_OK;
}

ax_err_t ax_tcp_connect(const ax_endpoint_t *remote, uint64_t deadline_ns, ax_tcp_t **tcp)
{
	ax_err_t error = ax_tcp_new(remote->ip.family, tcp);
	if (error)
		return error;
	error = ax_tcp_start_connect(*tcp, remote);
	if (error == AX_ERR_IN_PROGRESS)
		error = ax_tcp_connected(*tcp, deadline_ns);
	if (error) {
		ax_tcp_abort(*tcp);
		*tcp = NULL;
	}
	return error;
}

void axnet_tcp_drop_received(ax_tcp_t *tcp)
{
	for (struct pbuf *pbuf = tcp->first, *next; pbuf; pbuf = next) {
		next = pbuf->next;
		pbuf->next = NULL;
		pbuf_free(pbuf);
	}
	tcp->first = tcp->last = NULL;
	tcp->available = 0;
}

static void release(ax_tcp_t *tcp, bool reset)
{
	axnet_lock();
	struct tcp_pcb *pcb = tcp->pcb;
	reset |= tcp->available || tcp->lent > tcp->acknowledged;
	if (tcp->state == SOCKET_LISTENING)
		axnet_tcp_drop_accepted(tcp);
	if (pcb) {
		tcp_arg(pcb, NULL);
		if (tcp->state == SOCKET_LISTENING) {
			tcp_accept(pcb, NULL);
			tcp_close(pcb);
		} else {
			axnet_tcp_detach(pcb);
			axnet_tcp_release_window(tcp, pcb);
			if (reset || tcp_close(pcb) != ERR_OK)
				tcp_abort(pcb);
		}
	}
	axnet_tcp_drop_received(tcp);
	axnet_unlock();
	axalloc_free(tcp);
}

void ax_tcp_close(ax_tcp_t *tcp)
{
	if (tcp)
		release(tcp, false);
}

void ax_tcp_abort(ax_tcp_t *tcp)
{
	if (tcp)
		release(tcp, true);
}

static ax_err_t shut_sending(ax_tcp_t *tcp)
{
	if (tcp->no_more_sending || !tcp->pcb)
		return AX_OK;
	ax_err_t error = axnet_from_lwip_error(tcp_shutdown(tcp->pcb, 0, 1));
	tcp->no_more_sending = !error;
	if (!error && (axnet_events_ready(&tcp->events) & AX_NET_ENDED) && tcp->acknowledged == tcp->queued) {
		axnet_tcp_detach(tcp->pcb); /* nothing is left but what lwIP does by itself */
		tcp->pcb = NULL;
	}
	return error;
}

ax_err_t ax_tcp_shutdown(ax_tcp_t *tcp, bool receiving, bool sending)
{
	ax_err_t error = AX_OK;
	if (tcp->state != SOCKET_CONNECTED)
		return AX_ERR_NOT_CONNECTED;
	axnet_lock();
	if (receiving) {
		tcp->no_more_receiving = true;
		irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
		axnet_events_change_and_unlock(&tcp->events, state, RECEIVE_ALL, 0);
	}
	if (sending) {
		error = shut_sending(tcp);
		axnet_events_change(&tcp->events, AX_NET_WRITABLE, 0); /* sending fails at once */
	}
	axnet_unlock();
	return error;
}

void ax_tcp_set_no_delay(ax_tcp_t *tcp, bool no_delay)
{
	axnet_lock();
	tcp->no_delay = no_delay;
	if (tcp->state == SOCKET_CONNECTED && tcp->pcb)
		apply_options(tcp);
	axnet_unlock();
}

void ax_tcp_set_keep_alive(ax_tcp_t *tcp, uint32_t idle_ms, uint32_t interval_ms, uint32_t count)
{
	axnet_lock();
	tcp->keep_idle_ms = idle_ms;
	tcp->keep_interval_ms = interval_ms;
	tcp->keep_count = count;
	if (tcp->state == SOCKET_CONNECTED && tcp->pcb)
		apply_options(tcp);
	axnet_unlock();
}

void ax_tcp_set_marks(ax_tcp_t *tcp, const ax_net_marks_t *marks)
{
	axnet_lock();
	tcp->marks = *marks;
	if (tcp->state == SOCKET_CONNECTED && tcp->pcb)
		apply_options(tcp);
	axnet_unlock();
}

void ax_tcp_local(ax_tcp_t *tcp, ax_endpoint_t *local)
{
	axnet_lock();
	*local = tcp->local;
	axnet_unlock();
	if (local->ip.family == AX_IP_ANY)
		local->ip.family = tcp->family;
}

ax_err_t ax_tcp_remote(ax_tcp_t *tcp, ax_endpoint_t *remote)
{
	if (tcp->state != SOCKET_CONNECTED)
		return AX_ERR_NOT_CONNECTED;
	*remote = tcp->remote;
	return AX_OK;
}

ax_err_t ax_tcp_take_error(ax_tcp_t *tcp)
{
	irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
	ax_err_t error = tcp->error;
	tcp->error = AX_OK;
	ax_wait_queue_unlock(&tcp->events.queue, state);
	return error;
}

bool ax_tcp_is_listening(const ax_tcp_t *tcp)
{
	return tcp->state == SOCKET_LISTENING;
}

unsigned ax_tcp_ready(const ax_tcp_t *tcp)
{
	return axnet_events_ready(&tcp->events);
}

void ax_tcp_watch(ax_tcp_t *tcp, ax_net_watch_t *watch, void *context)
{
	axnet_events_watch(&tcp->events, watch, context);
}
