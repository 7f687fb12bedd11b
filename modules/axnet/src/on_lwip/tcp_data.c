/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of TCP connections. What arrives is queued pbuf by pbuf under the socket's own lock; the reader copies with no
 * lock held, as only it takes pbufs off, then gives them back and opens the window with the protocols' lock.
 */
#include "tcp_socket.h"

#include <base/base.h>
#include <memstr/memstr.h>

enum { RECEIVE_ALL = AX_NET_READABLE | AX_NET_ENDED };

/* The peer sends no more. If we do not either, the rest (TIME_WAIT) is lwIP's alone, and it frees the pcb without a word. */
static err_t end(ax_tcp_t *tcp, struct tcp_pcb *pcb)
{
	axnet_events_change(&tcp->events, RECEIVE_ALL, 0);
	if (tcp->no_more_sending) {
		axnet_tcp_detach(pcb);
		tcp->pcb = NULL;
		if (tcp->lent > tcp->acknowledged && pcb->state == TIME_WAIT)
			tcp->acknowledged = tcp->queued;
	}
	return ERR_OK;
}

err_t axnet_tcp_on_receive(void *argument, struct tcp_pcb *pcb, struct pbuf *pbuf, [[maybe_unused]] err_t error)
{
	ax_tcp_t *tcp = argument;
	if (!pbuf)
		return end(tcp, pcb);
	if (tcp->no_more_receiving) {
		axnet_tcp_open_window(tcp, pbuf->tot_len);
		pbuf_free(pbuf);
		return ERR_OK;
	}
	size_t bytes = pbuf->tot_len;
	if (!tcp->first)
		axnet_expect_answer();
	struct pbuf *last = pbuf;
	while (last->next)
		last = last->next;
	irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
	if (tcp->last)
		tcp->last->next = pbuf;
	else
		tcp->first = pbuf;
	tcp->last = last;
	__atomic_store_n(&tcp->available, tcp->available + bytes, __ATOMIC_RELEASE); /* the pbufs are linked */
	axnet_events_change_and_unlock(&tcp->events, state, AX_NET_READABLE, 0);
	return ERR_OK;
}

/* Take the first @p bytes off. @return the pbufs that are used up, in front of tcp->first */
static struct pbuf *take_off(ax_tcp_t *tcp, size_t bytes)
{
	irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
	struct pbuf *used = tcp->first, **end = &used;
	size_t left = tcp->offset + bytes;
	while (*end && left >= (*end)->len) {
		left -= (*end)->len;
		end = &(*end)->next;
	}
	tcp->first = *end;
	if (!tcp->first)
		tcp->last = NULL;
	*end = NULL;
	tcp->offset = left;
	tcp->available -= bytes;
	bool is_empty = !tcp->available && !(axnet_events_ready(&tcp->events) & (AX_NET_ENDED | AX_NET_FAILED));
	axnet_events_change_and_unlock(&tcp->events, state, 0, is_empty ? AX_NET_READABLE : 0);
	return used;
}

void ax_tcp_return(ax_tcp_t *tcp, size_t bytes)
{
	struct pbuf *used = take_off(tcp, bytes);
	axnet_lock();
	while (used) {
		struct pbuf *next = used->next;
		used->next = NULL;
		pbuf_free(used);
		used = next;
	}
	if (tcp->pcb)
		axnet_tcp_open_window(tcp, bytes);
	axnet_unlock();
}

/* AX_OK: there are bytes, or @p at_end. */
static ax_err_t wait_for_bytes(ax_tcp_t *tcp, uint64_t deadline_ns, bool *at_end)
{
	if (tcp->state == SOCKET_NEW || tcp->state == SOCKET_LISTENING)
		return AX_ERR_NOT_CONNECTED;
	ax_err_t error = axnet_events_wait(&tcp->events, AX_NET_READABLE | AX_NET_FAILED, deadline_ns);
	*at_end = !error && !ax_tcp_available(tcp);
	if (*at_end)
		error = ax_tcp_take_error(tcp);
	return error;
}

size_t ax_tcp_available(ax_tcp_t *tcp)
{
	return __atomic_load_n(&tcp->available, __ATOMIC_ACQUIRE);
}

static ax_err_t copy_out(ax_tcp_t *tcp, char *to, size_t capacity, uint64_t deadline_ns, size_t *received)
{
	bool at_end;
	*received = 0;
	if (!capacity)
		return AX_OK;
	ax_err_t error = wait_for_bytes(tcp, deadline_ns, &at_end);
	if (error || at_end)
		return error;
	size_t bytes = ax_tcp_available(tcp), offset = tcp->offset;
	bytes = AX_MIN(bytes, capacity);
	*received = bytes;
	for (const struct pbuf *pbuf = tcp->first;; pbuf = pbuf->next, offset = 0) {
		size_t here = AX_MIN(pbuf->len - offset, bytes);
		memcpy(to, (const char *)pbuf->payload + offset, here);
		to += here;
		bytes -= here;
		if (!bytes)
			return AX_OK;
	}
}

ax_err_t ax_tcp_receive(ax_tcp_t *tcp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *received)
{
	ax_err_t error = copy_out(tcp, buffer, capacity, deadline_ns, received);
	if (*received)
		ax_tcp_return(tcp, *received);
	return error;
}

ax_err_t ax_tcp_peek(ax_tcp_t *tcp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *received)
{
	return copy_out(tcp, buffer, capacity, deadline_ns, received);
}

ax_err_t ax_tcp_borrow(ax_tcp_t *tcp, uint64_t deadline_ns, const void **data, size_t *bytes)
{
	bool at_end;
	*data = NULL;
	*bytes = 0;
	ax_err_t error = wait_for_bytes(tcp, deadline_ns, &at_end);
	if (error || at_end)
		return error;
	*data = (const char *)tcp->first->payload + tcp->offset;
	*bytes = tcp->first->len - tcp->offset;
	return AX_OK;
}

/* The pieces that are left to be queued. */
typedef struct cursor {
	const ax_net_piece_t *piece;
	size_t count, offset;
} cursor_t;

/* Queue as much as there is room for. Lock held. @return whether something was left over for want of room */
static bool queue(ax_tcp_t *tcp, cursor_t *at, u8_t flags, size_t *sent)
{
	while (at->count) {
		size_t bytes = at->piece->bytes - at->offset;
		size_t part = AX_MIN(bytes, axnet_tcp_send_room(tcp));
		part = AX_MIN(part, (size_t)UINT16_MAX);
		if (bytes) {
			if (!part)
				return true;
			bool more = at->count > 1 || part < bytes;
			if (tcp_write(tcp->pcb, (const char *)at->piece->start + at->offset, (u16_t)part,
				      (u8_t)(flags | (more ? TCP_WRITE_FLAG_MORE : 0))) != ERR_OK)
				return true;
			tcp->queued += part;
			at->offset += part;
			*sent += part;
		}
		if (at->offset == at->piece->bytes) {
			at->piece++;
			at->count--;
			at->offset = 0;
		}
	}
	return false;
}

/* One go under the lock. AX_ERR_WOULD_BLOCK: there is no room for all. */
static ax_err_t queue_and_send(ax_tcp_t *tcp, cursor_t *at, u8_t flags, size_t *sent)
{
	ax_err_t error = AX_OK;
	axnet_lock();
	if (tcp->state == SOCKET_FAILED) {
		error = ax_tcp_take_error(tcp);
		error = error ? error : AX_ERR_BROKEN_PIPE;
	} else if (tcp->state == SOCKET_CONNECTING) {
		error = AX_ERR_WOULD_BLOCK;
	} else if (tcp->state != SOCKET_CONNECTED) {
		error = AX_ERR_NOT_CONNECTED;
	} else if (tcp->no_more_sending || !tcp->pcb) {
		error = AX_ERR_BROKEN_PIPE;
	} else {
		if (queue(tcp, at, flags, sent)) {
			/* Room comes of acknowledgements: of nothing under way there are none, and memory is out. */
			error = tcp->acknowledged == tcp->queued ? AX_ERR_NO_BUFFERS : AX_ERR_WOULD_BLOCK;
			axnet_events_change(&tcp->events, 0, AX_NET_WRITABLE);
		}
		if (!(flags & TCP_WRITE_FLAG_COPY))
			tcp->lent = tcp->queued;
		tcp_output(tcp->pcb);
		axnet_answered();
	}
	axnet_unlock();
	return error;
}

static ax_err_t send(ax_tcp_t *tcp, cursor_t at, u8_t flags, uint64_t deadline_ns, size_t *sent)
{
	*sent = 0;
	for (;;) {
		ax_err_t error = queue_and_send(tcp, &at, flags, sent);
		if (error != AX_ERR_WOULD_BLOCK)
			return error;
		if (deadline_ns == AX_NET_TRY && *sent)
			return AX_OK;
		error = axnet_events_wait(&tcp->events, AX_NET_WRITABLE | AX_NET_FAILED, deadline_ns);
		if (error)
			return error;
	}
}

ax_err_t ax_tcp_send_pieces(ax_tcp_t *tcp, const ax_net_piece_t *pieces, size_t count, uint64_t deadline_ns, size_t *sent)
{
	return send(tcp, (cursor_t){ pieces, count, 0 }, TCP_WRITE_FLAG_COPY, deadline_ns, sent);
}

ax_err_t ax_tcp_lend(ax_tcp_t *tcp, const void *data, size_t bytes, uint64_t deadline_ns, size_t *sent)
{
	ax_net_piece_t piece = { data, bytes };
	return send(tcp, (cursor_t){ &piece, 1, 0 }, 0, deadline_ns, sent);
}

/* Looked at under the protocols' lock; slept on the events', which on_sent() changes something under, or on_error(). */
static bool is_taken(ax_tcp_t *tcp)
{
	axnet_lock();
	bool taken = tcp->acknowledged >= tcp->lent || tcp->state == SOCKET_FAILED || !tcp->pcb;
	axnet_unlock();
	return taken;
}

ax_err_t ax_tcp_taken(ax_tcp_t *tcp, uint64_t deadline_ns)
{
	while (!is_taken(tcp)) {
		ax_err_t error = AX_OK;
		if (deadline_ns == AX_NET_TRY)
			return AX_ERR_WOULD_BLOCK;
		axnet_poll();
		irq_state_t state = ax_wait_queue_lock(&tcp->events.queue);
		if (__atomic_load_n(&tcp->acknowledged, __ATOMIC_RELAXED) < tcp->lent && tcp->state == SOCKET_CONNECTED)
			error = ax_wait_queue_sleep_interruptible(&tcp->events.queue, deadline_ns);
		ax_wait_queue_unlock(&tcp->events.queue, state);
		if (error)
			return error;
	}
	return tcp->acknowledged >= tcp->lent ? AX_OK : AX_ERR_CONNECTION_RESET;
}
