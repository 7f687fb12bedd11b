/* SPDX-License-Identifier: Apache-2.0 */
#include <virtio_rng/virtio_rng.h>

ax_err_t virtio_rng_init(virtio_rng_t *self, virtio_device_t *virtio)
{
	*self = (virtio_rng_t){ .virtio = virtio };
	ax_err_t error = virtio_device_begin(virtio, 0);
	if (!error)
		error = virtio_device_make_ring(virtio, 0, 2, 0, 0, &self->ring);
	if (error) {
		virtio_device_fail(virtio);
		self->virtio = NULL;
		return error;
	}
	virtio_ring_disable_interrupts(&self->ring);
	virtio_device_start(virtio);
	return AX_OK;
}

ax_err_t virtio_rng_ask(virtio_rng_t *self, void *buffer, size_t bytes)
{
	if (!self->virtio)
		return AX_ERR_NO_DEVICE;
	if (!virtio_ring_is_idle(&self->ring))
		return AX_ERR_BUSY;
	virtio_buffer_t whole = { virtio_device_bus_address(self->virtio, buffer), (uint32_t)bytes };
	ax_err_t error = virtio_ring_add(&self->ring, &whole, 0, 1, self);
	if (!error)
		virtio_ring_kick(&self->ring);
	return error;
}

ax_err_t virtio_rng_take(virtio_rng_t *self, size_t *bytes)
{
	uint32_t written = 0;
	if (!self->virtio)
		return AX_ERR_IO;
	bool came = virtio_ring_take(&self->ring, &written);
	if (!came && !virtio_ring_is_broken(&self->ring))
		return AX_ERR_WOULD_BLOCK;
	if (!written) {
		virtio_rng_end(self);
		return AX_ERR_IO;
	}
	*bytes = written;
	return AX_OK;
}

void virtio_rng_end(virtio_rng_t *self)
{
	if (!self->virtio)
		return;
	virtio_device_fail(self->virtio);
	(void)virtio_ring_detach(&self->ring);
	virtio_device_free_ring(self->virtio, &self->ring);
	self->virtio = NULL;
}
