/* SPDX-License-Identifier: Apache-2.0 */
/* Virtio 9P devices. */
#include <axalloc/axalloc.h>
#include <axdriver/axdriver.h>
#include <axdriver/event.h>
#include <axlog/axlog.h>
#include <axvolume/axvolume.h>
#include <base/base.h>
#include <memstr/memstr.h>
#include <virtio_9p/virtio_9p.h>

#include "mount.h"

typedef struct volume {
	virtio_9p_t device;
	axdriver_event_t event;
} volume_t;

static volume_t *of(virtio_9p_t *device)
{
	return container_of(device, volume_t, device);
}

static void poll(void *device)
{
	virtio_9p_poll(device);
}

static bool wait(virtio_9p_t *device, bool (*is_true)(const void *argument), const void *argument)
{
	return axdriver_event_wait(&of(device)->event, is_true, argument, poll, device);
}

static void wake(virtio_9p_t *device)
{
	axdriver_event_wake(&of(device)->event);
}

static const virtio_9p_user_t s_user = { wait, wake, AXDRIVER_HAS_INTERRUPTS };

static void on_interrupt(void *device)
{
	virtio_9p_interrupt(device);
}

static ax_err_t start(volume_t *volume, virtio_device_t *virtio)
{
	memset(volume, 0, sizeof *volume);
	volume->device.virtio = virtio;
	volume->device.user = &s_user;
	volume->device.is_dead = true; /* until it is started: an interrupt may come before */
	if (AXDRIVER_HAS_INTERRUPTS) {
		ax_err_t error = axdriver_virtio_on_interrupt(virtio, on_interrupt, &volume->device);
		if (error)
			return error;
	}
	return virtio_9p_init(&volume->device, virtio, &s_user);
}

void axvolume_init(void)
{
	axdriver_init();
	virtio_device_t *virtio;
	while ((virtio = axdriver_virtio_take(VIRTIO_ID_9P))) {
		volume_t *volume = axalloc_alloc(sizeof *volume, _Alignof(volume_t));
		ax_err_t error = volume ? start(volume, virtio) : AX_ERR_NO_MEMORY;
		if (!error)
			error = axvolume_mount(&volume->device.transport, volume->device.tag);
		if (error)
			ax_error("%s: a volume that cannot be mounted: %s", virtio->address, ax_err_text(error));
		else
			ax_info("%s: a folder of the host", volume->device.tag);
	}
}
