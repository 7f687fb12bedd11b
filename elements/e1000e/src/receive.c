/* SPDX-License-Identifier: Apache-2.0 */
/* Section 7.1: the card owns the descriptors from its head to our tail, and says of those before its head what they hold. */
#include "private.h"

enum {
	STATUS_DONE = 1, STATUS_END = 2, STATUS_NOT_CHECKED = 4, STATUS_UDP = 16, STATUS_TCP = 32,
	ERROR_CHECKSUM = 0x60, /* of TCP and UDP, of IP: the stack shall see for itself */
	OFFER_AT_ONCE = 32,
};

void e1000e_publish(e1000e_t *self)
{
	if (self->receive_told != self->receive_tail) {
		self->receive_told = self->receive_tail;
		__atomic_thread_fence(__ATOMIC_RELEASE);
		e1000e_host_write(self->registers, REG_RECEIVE_RING + RING_TAIL, self->receive_tail);
	}
}

/* There are as many pieces as descriptors but for one, so there is always room. */
void e1000e_give_back(net_device_t *device, net_buffer_t *buffer)
{
	e1000e_t *self = e1000e_of(device);
	e1000e_piece_t *piece = container_of(buffer, e1000e_piece_t, buffer);
	uint32_t at = self->receive_tail;
	self->offered[at] = piece;
	self->receive[at] = (e1000e_receive_descriptor_t){ .address = e1000e_host_bus_address(piece->bytes + IP_ALIGNMENT) };
	self->receive_tail = (at + 1) & RING_MASK;
	if (((self->receive_tail - self->receive_told) & RING_MASK) >= OFFER_AT_ONCE)
		e1000e_publish(self);
}

bool e1000e_has_received(const e1000e_t *self)
{
	uint32_t at = self->receive_next;
	return at != self->receive_told && (__atomic_load_n(&self->receive[at].status, __ATOMIC_ACQUIRE) & STATUS_DONE);
}

/* NULL: the descriptor's frame made no sense, and its piece is the card's again. */
static net_buffer_t *take(e1000e_t *self)
{
	uint32_t at = self->receive_next;
	const e1000e_receive_descriptor_t found = self->receive[at];
	e1000e_piece_t *piece = self->offered[at];
	net_buffer_t *buffer = &piece->buffer;
	self->offered[at] = NULL;
	self->receive_next = (at + 1) & RING_MASK;
	if (!(found.status & STATUS_END) || (found.errors & ~ERROR_CHECKSUM) || found.bytes < NET_HEADER_BYTES ||
	    found.bytes > NET_MTU + NET_HEADER_BYTES) {
		self->dropped++;
		e1000e_give_back(&self->device, buffer);
		return NULL;
	}
	bool is_checked = (found.status & (STATUS_UDP | STATUS_TCP)) && !(found.status & STATUS_NOT_CHECKED) && !found.errors;
	buffer->next = NULL;
	buffer->data = piece->bytes + IP_ALIGNMENT;
	buffer->bytes = buffer->frame_bytes = found.bytes;
	buffer->segment_bytes = 0;
	buffer->flags = is_checked ? NET_BUFFER_CHECKED : 0;
	return buffer;
}

net_buffer_t *e1000e_receive(net_device_t *device)
{
	e1000e_t *self = e1000e_of(device);
	while (e1000e_has_received(self)) {
		net_buffer_t *buffer = take(self);
		if (buffer)
			return buffer;
	}
	e1000e_publish(self);
	return NULL;
}
