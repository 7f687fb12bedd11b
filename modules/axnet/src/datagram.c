/* SPDX-License-Identifier: Apache-2.0 */
/* Receiving datagrams: those that wait, one after the other, lent up or copied. */
#include "datagram.h"
#include "core.h"

#include <axalloc/axalloc.h>
#include <base/base.h>
#include <memstr/memstr.h>

enum { NOTE_BYTES = 128 }; /* that each datagram counts beside its own */

ax_udp_t *axnet_udp_alloc(size_t size)
{
	ax_udp_t *udp = axalloc_alloc(size, 0);
	if (udp) {
		memset(udp, 0, size);
		udp->waiting_bytes_max = AX_NET_BUFFER_MAX;
		atomic_store_explicit(&udp->events.ready, AX_NET_WRITABLE, memory_order_relaxed);
	}
	return udp;
}

bool axnet_udp_has_room(const ax_udp_t *udp, size_t bytes)
{
	return udp->waiting_bytes + bytes + NOTE_BYTES <= __atomic_load_n(&udp->waiting_bytes_max, __ATOMIC_RELAXED);
}

void ax_udp_set_buffer(ax_udp_t *udp, size_t receive_bytes)
{
	__atomic_store_n(&udp->waiting_bytes_max, axnet_buffer_bytes(receive_bytes), __ATOMIC_RELAXED);
}

void axnet_udp_queue(ax_udp_t *udp, ax_udp_loan_t *loan)
{
	axnet_loan_link(loan, NULL);
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	if (udp->last)
		axnet_loan_link(udp->last, loan);
	else
		udp->first = loan;
	udp->last = loan;
	udp->waiting_bytes += ax_udp_loan_bytes(loan) + NOTE_BYTES;
	axnet_events_change_and_unlock(&udp->events, state, AX_NET_READABLE, 0);
}

void axnet_udp_drop(ax_udp_t *udp)
{
	for (ax_udp_loan_t *loan = udp->first, *next; loan; loan = next) {
		next = axnet_loan_next(loan);
		axnet_loan_free(loan);
	}
}

size_t axnet_pieces_bytes(const ax_net_piece_t *pieces, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += pieces[i].bytes;
	return bytes;
}

void axnet_pieces_copy(const ax_net_piece_t *pieces, size_t count, void *to)
{
	char *at = to;
	for (size_t i = 0; i < count; i++) {
		memcpy(at, pieces[i].start, pieces[i].bytes);
		at += pieces[i].bytes;
	}
}

ax_err_t ax_udp_borrow(ax_udp_t *udp, uint64_t deadline_ns, ax_udp_loan_t **loan)
{
	*loan = NULL;
	while (!*loan) {
		ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
		if (error)
			return error;
		irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
		*loan = udp->first;
		if (*loan) {
			udp->first = axnet_loan_next(*loan);
			udp->waiting_bytes -= ax_udp_loan_bytes(*loan) + NOTE_BYTES;
		}
		if (!udp->first)
			udp->last = NULL;
		axnet_events_change_and_unlock(&udp->events, state, 0, udp->first ? 0 : AX_NET_READABLE);
	}
	return AX_OK;
}

void ax_udp_return(ax_udp_loan_t *loan)
{
	axnet_lock();
	axnet_loan_free(loan);
	axnet_unlock();
}

static void copy_out(const ax_udp_loan_t *loan, void *buffer, size_t capacity, size_t *bytes, ax_endpoint_t *from)
{
	char *to = buffer;
	size_t here;
	const void *part = NULL;
	while (capacity && (part = ax_udp_loan_part(loan, part, &here))) {
		here = AX_MIN(here, capacity);
		memcpy(to, part, here);
		to += here;
		capacity -= here;
	}
	*bytes = ax_udp_loan_bytes(loan);
	if (from)
		*from = *ax_udp_loan_from(loan);
}

ax_err_t ax_udp_receive(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_udp_loan_t *loan;
	ax_err_t error = ax_udp_borrow(udp, deadline_ns, &loan);
	if (error)
		return error;
	copy_out(loan, buffer, capacity, bytes, from);
	ax_udp_return(loan);
	return AX_OK;
}

/* Only the receiver takes datagrams off: the first one stays while it is copied. */
ax_err_t ax_udp_peek(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
	if (!error)
		copy_out(udp->first, buffer, capacity, bytes, from);
	return error;
}

size_t ax_udp_available(ax_udp_t *udp)
{
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	size_t bytes = udp->first ? ax_udp_loan_bytes(udp->first) : 0;
	ax_wait_queue_unlock(&udp->events.queue, state);
	return bytes;
}

ax_err_t ax_udp_remote(ax_udp_t *udp, ax_endpoint_t *remote)
{
	axnet_lock();
	*remote = udp->remote;
	axnet_unlock();
	return remote->port ? AX_OK : AX_ERR_NOT_CONNECTED;
}

unsigned ax_udp_ready(const ax_udp_t *udp)
{
	return axnet_events_ready(&udp->events);
}

void ax_udp_watch(ax_udp_t *udp, ax_net_watch_t *watch, void *context)
{
	axnet_events_watch(&udp->events, watch, context);
}

/* Of a datagram's fate nothing is heard. */
ax_err_t ax_udp_take_error([[maybe_unused]] ax_udp_t *udp)
{
	return AX_OK;
}
