/* SPDX-License-Identifier: Apache-2.0 */
#include <memstr/memstr.h>
#include <virtio_9p/virtio_9p.h>

#define F_MOUNT_TAG (UINT64_C(1) << 0)

/* Four pieces a request. QEMU's device takes messages of up to some 500 KiB; beyond this size there is little to gain. */
enum { QUEUE_SIZE = 4, MESSAGE_BYTES_MAX = 256 << 10 };

static bool is_done(const void *argument)
{
	const virtio_9p_t *self = argument;
	return __atomic_load_n(&self->is_done, __ATOMIC_ACQUIRE);
}

void virtio_9p_poll(virtio_9p_t *self)
{
	irq_state_t state = spin_lock_irq(&self->lock);
	uint32_t bytes = 0;
	bool came = !self->is_dead && (virtio_ring_take(&self->ring, &bytes) || virtio_ring_is_broken(&self->ring));
	if (came) {
		self->bytes = bytes;
		__atomic_store_n(&self->is_done, true, __ATOMIC_RELEASE);
	}
	if (self->user->has_interrupts)
		(void)virtio_ring_enable_interrupts(&self->ring); /* nothing else is under way */
	spin_unlock_irq(&self->lock, state);
	if (came)
		self->user->wake(self);
}

void virtio_9p_interrupt(virtio_9p_t *self)
{
	uint32_t why;
	do {
		why = virtio_device_acknowledge(self->virtio);
		virtio_9p_poll(self);
	} while (why && self->virtio->transport->acknowledge);
}

static size_t add(const virtio_9p_t *self, virtio_buffer_t *buffers, const p9_piece_t pieces[2])
{
	size_t count = 0;
	for (size_t i = 0; i < 2; i++) {
		if (pieces[i].bytes)
			buffers[count++] = (virtio_buffer_t){ virtio_device_bus_address(self->virtio, pieces[i].start), (uint32_t)pieces[i].bytes };
	}
	return count;
}

/* The memory of the message is the caller's again when this returns. */
static ax_err_t give_up(virtio_9p_t *self, ax_err_t error)
{
	virtio_device_fail(self->virtio);
	irq_state_t state = spin_lock_irq(&self->lock);
	self->is_dead = true;
	(void)virtio_ring_detach(&self->ring);
	spin_unlock_irq(&self->lock, state);
	return error;
}

static ax_err_t exchange(void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes)
{
	virtio_9p_t *self = context;
	virtio_buffer_t buffers[4];
	if (self->is_dead)
		return AX_ERR_NO_DEVICE;
	size_t readable = add(self, buffers, request), writable = add(self, buffers + readable, reply);
	irq_state_t state = spin_lock_irq(&self->lock);
	self->is_done = false;
	ax_err_t error = virtio_ring_add(&self->ring, buffers, readable, writable, self);
	bool notify = !error && virtio_ring_publish(&self->ring);
	spin_unlock_irq(&self->lock, state);
	if (error)
		return give_up(self, AX_ERR_IO);
	if (notify)
		virtio_ring_notify(&self->ring);
	if (!self->user->wait(self, is_done, self))
		return give_up(self, AX_ERR_TIMED_OUT);
	if (virtio_ring_is_broken(&self->ring))
		return give_up(self, AX_ERR_IO);
	*bytes = self->bytes;
	return AX_OK;
}

static ax_err_t read_tag(virtio_9p_t *self)
{
	uint16_t bytes;
	virtio_device_read_config(self->virtio, 0, &bytes, sizeof bytes);
	if (!virtio_device_has(self->virtio, F_MOUNT_TAG) || !bytes || bytes >= sizeof self->tag)
		return AX_ERR_IO;
	virtio_device_read_config(self->virtio, sizeof bytes, self->tag, bytes);
	self->tag[bytes] = 0;
	return AX_OK;
}

ax_err_t virtio_9p_init(virtio_9p_t *self, virtio_device_t *virtio, const virtio_9p_user_t *user)
{
	memset(self, 0, sizeof *self);
	self->transport = (p9_transport_t){ exchange, self, MESSAGE_BYTES_MAX };
	self->virtio = virtio;
	self->user = user;
	ax_err_t error = virtio_device_begin(virtio, F_MOUNT_TAG);
	if (!error)
		error = read_tag(self);
	if (!error)
		error = virtio_device_make_ring(virtio, 0, QUEUE_SIZE, 0, 0, &self->ring);
	if (error) {
		virtio_device_fail(virtio);
		return error;
	}
	if (!user->has_interrupts)
		virtio_ring_disable_interrupts(&self->ring);
	virtio_device_start(virtio);
	return AX_OK;
}
