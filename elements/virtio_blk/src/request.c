/* SPDX-License-Identifier: Apache-2.0 */
/* The operation of the device: VirtIO 1.2, section 5.2.6. */
#include <base/base.h>
#include <driver_block/driver.h>
#include "private.h"

static virtio_blk_t *of(block_device_t *device)
{
	return container_of(device, virtio_blk_t, device);
}

static virtio_blk_queue_t *own_queue(virtio_blk_t *self)
{
	return &self->queues[self->queue_count == 1 ? 0 : self->user->cpu() % self->queue_count];
}

static uint32_t type_of(block_op_t op)
{
	switch (op) {
	case BLOCK_READ:
		return TYPE_READ;
	case BLOCK_WRITE:
		return TYPE_WRITE;
	case BLOCK_FLUSH:
		return TYPE_FLUSH;
	case BLOCK_DISCARD:
		return TYPE_DISCARD;
	default:
		return TYPE_WRITE_ZEROES;
	}
}

static virtio_buffer_t buffer(const virtio_blk_t *self, const void *start, size_t bytes)
{
	return (virtio_buffer_t){ virtio_device_bus_address(self->virtio, start), (uint32_t)bytes };
}

/* Header, data and status byte, in the order and with the roles of section 5.2.6. Lock held. */
static ax_err_t add(virtio_blk_t *self, virtio_blk_queue_t *queue, virtio_blk_slot_t *slot)
{
	const block_request_t *request = slot->request;
	virtio_buffer_t buffers[VIRTIO_BLK_SEGMENTS + 2];
	size_t count = 0;
	unsigned shift = self->device.block_shift - SECTOR_SHIFT;
	bool erases = request->op == BLOCK_DISCARD || request->op == BLOCK_WRITE_ZEROES;
	slot->status = STATUS_NONE;
	slot->header.type = type_of(request->op);
	slot->header.reserved = 0;
	slot->header.sector = erases ? 0 : request->first << shift;
	buffers[count++] = buffer(self, &slot->header, sizeof slot->header);
	if (erases) {
		slot->erase.sector = request->first << shift;
		slot->erase.sectors = (uint32_t)(request->count << shift);
		slot->erase.flags = 0;
		buffers[count++] = buffer(self, &slot->erase, sizeof slot->erase);
	}
	for (size_t i = 0; i < request->segment_count; i++)
		buffers[count++] = buffer(self, request->segments[i].start, request->segments[i].bytes);
	buffers[count++] = buffer(self, &slot->status, 1);
	size_t readable = request->op == BLOCK_READ ? 1 : count - 1;
	return virtio_ring_add(&queue->ring, buffers, readable, count - readable, slot);
}

static void free_slot(virtio_blk_queue_t *queue, virtio_blk_slot_t *slot)
{
	slot->next_free = queue->free;
	queue->free = slot;
}

/* Requests that are through, linked by driver_pointer: their done() is called when no lock is held. */
static void complete_all(block_request_t *requests)
{
	while (requests) {
		block_request_t *next = requests->driver_pointer;
		block_request_complete(requests, requests->result);
		requests = next;
	}
}

/* Take back all that is under way, and say why. The device has been reset. */
static void fail_queue(virtio_blk_queue_t *queue, ax_err_t error)
{
	block_request_t *failed = NULL;
	irq_state_t state = spin_lock_irq(&queue->lock);
	virtio_blk_slot_t *slot;
	while ((slot = virtio_ring_detach(&queue->ring))) {
		slot->request->result = error;
		slot->request->driver_pointer = failed;
		failed = slot->request;
		free_slot(queue, slot);
	}
	spin_unlock_irq(&queue->lock, state);
	complete_all(failed);
}

void virtio_blk_fail(virtio_blk_t *self, ax_err_t error)
{
	if (atomic_exchange(&self->is_dead, true))
		return;
	virtio_device_fail(self->virtio);
	for (unsigned i = 0; i < self->queue_count; i++)
		fail_queue(&self->queues[i], error);
	self->user->wake(self);
}

bool virtio_blk_submit(block_device_t *device, block_request_t *request)
{
	virtio_blk_t *self = of(device);
	virtio_blk_queue_t *queue = own_queue(self);
	irq_state_t state = spin_lock_irq(&queue->lock);
	ax_err_t error = AX_ERR_NO_DEVICE;
	/* Under the lock: who fails the device takes it afterwards, and finds what was added before. */
	if (!atomic_load(&self->is_dead)) {
		virtio_blk_slot_t *slot = queue->free;
		error = AX_ERR_WOULD_BLOCK;
		if (slot) {
			slot->request = request;
			error = add(self, queue, slot);
			if (!error)
				queue->free = slot->next_free;
		}
	}
	spin_unlock_irq(&queue->lock, state);
	if (error == AX_ERR_WOULD_BLOCK)
		return false;
	if (error)
		block_request_complete(request, error == AX_ERR_NO_DEVICE ? error : AX_ERR_IO);
	return true;
}

void virtio_blk_kick(block_device_t *device)
{
	virtio_blk_t *self = of(device);
	/* Also another CPU's queue: the caller may have moved since it submitted. */
	for (unsigned i = 0; i < self->queue_count; i++) {
		virtio_blk_queue_t *queue = &self->queues[i];
		irq_state_t state = spin_lock_irq(&queue->lock);
		bool notify = !atomic_load(&self->is_dead) && virtio_ring_publish(&queue->ring);
		spin_unlock_irq(&queue->lock, state);
		if (notify)
			virtio_ring_notify(&queue->ring);
	}
}

static ax_err_t result_of(const virtio_blk_slot_t *slot)
{
	switch (*(const volatile uint8_t *)&slot->status) {
	case STATUS_OK:
		return AX_OK;
	case STATUS_UNSUPPORTED:
		return AX_ERR_NOT_SUPPORTED;
	default:
		return AX_ERR_IO;
	}
}

/* What the device has done, linked; *is_broken if it has done what it may not. */
static block_request_t *take_all(virtio_blk_t *self, virtio_blk_queue_t *queue, bool *is_broken)
{
	block_request_t *first = NULL, **end = &first;
	irq_state_t state = spin_lock_irq(&queue->lock);
	do {
		virtio_blk_slot_t *slot;
		while ((slot = virtio_ring_take(&queue->ring, NULL))) {
			block_request_t *request = slot->request;
			request->result = result_of(slot);
			request->driver_pointer = NULL;
			*end = request;
			end = (block_request_t **)&request->driver_pointer;
			free_slot(queue, slot);
		}
	} while (self->user->has_interrupts && virtio_ring_enable_interrupts(&queue->ring));
	*is_broken |= virtio_ring_is_broken(&queue->ring);
	spin_unlock_irq(&queue->lock, state);
	return first;
}

void virtio_blk_poll(block_device_t *device)
{
	virtio_blk_t *self = of(device);
	bool has_taken = false, is_broken = false;
	for (unsigned i = 0; i < self->queue_count; i++) {
		block_request_t *requests = take_all(self, &self->queues[i], &is_broken);
		has_taken |= requests != NULL;
		complete_all(requests);
	}
	if (is_broken) {
		virtio_blk_fail(self, AX_ERR_IO);
	} else if (has_taken) {
		virtio_blk_kick(device); /* of what is under way still: see virtio_ring_publish() */
		self->user->wake(self);
	}
}

void virtio_blk_interrupt(virtio_blk_t *self)
{
	/* A line stays asserted, and raises no further interrupt, until nothing is pending any more. */
	uint32_t why;
	do {
		why = virtio_device_acknowledge(self->virtio);
		if (why & VIRTIO_INTERRUPT_CONFIG && virtio_device_needs_reset(self->virtio))
			virtio_blk_fail(self, AX_ERR_IO);
		virtio_blk_poll(&self->device);
	} while (why && self->virtio->transport->acknowledge);
}

static bool is_complete(const void *request)
{
	return block_request_is_complete(request);
}

static bool has_room(const void *argument)
{
	virtio_blk_t *self = (virtio_blk_t *)(uintptr_t)argument;
	virtio_blk_queue_t *queue = own_queue(self);
	SPIN_GUARD_IRQ(&queue->lock);
	const virtio_ring_t *ring = &queue->ring;
	bool fits = ring->free_count >= self->device.max_segments + 2 || virtio_ring_is_idle(ring);
	return atomic_load(&self->is_dead) || (queue->free && fits);
}

void virtio_blk_wait(block_device_t *device, const block_request_t *request)
{
	virtio_blk_t *self = of(device);
	bool in_time = request ? self->user->wait(self, is_complete, request) : self->user->wait(self, has_room, self);
	if (in_time)
		return;
	virtio_blk_fail(self, AX_ERR_TIMED_OUT);
	/* Another thread may be about it still. */
	while (request && !block_request_is_complete(request))
		spin_relax();
}
