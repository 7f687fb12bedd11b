/* SPDX-License-Identifier: Apache-2.0 */
/* Virtio block devices of all buses. */
#include <axalloc/axalloc.h>
#include <axdriver/axdriver.h>
#include <axdriver/event.h>
#include <axhal/smp.h>
#include <axlog/axlog.h>
#include <base/base.h>
#include <virtio_blk/virtio_blk.h>

#include "list.h"

typedef struct disk {
	virtio_blk_t blk;
	axdriver_event_t event;
} disk_t;

static disk_t *of(virtio_blk_t *blk)
{
	return container_of(blk, disk_t, blk);
}

static void poll(void *blk)
{
	block_device_poll(&((virtio_blk_t *)blk)->device);
}

static bool wait(virtio_blk_t *blk, bool (*is_true)(const void *argument), const void *argument)
{
	return axdriver_event_wait(&of(blk)->event, is_true, argument, poll, blk);
}

static void wake(virtio_blk_t *blk)
{
	axdriver_event_wake(&of(blk)->event);
}

static unsigned cpu(void)
{
	return axhal_cpu_id();
}

static virtio_blk_user_t s_user = { .wait = wait, .wake = wake, .cpu = cpu, .has_interrupts = AXDRIVER_HAS_INTERRUPTS };

static void on_interrupt(void *blk)
{
	virtio_blk_interrupt(blk);
}

/* The device's own line or message; a device that must be polled is none here, where waiters sleep. */
static ax_err_t start(disk_t *disk, virtio_device_t *virtio, const char *name)
{
	disk->event = (axdriver_event_t){};
	disk->blk = (virtio_blk_t){ .virtio = virtio };
	if (AXDRIVER_HAS_INTERRUPTS) {
		ax_err_t error = axdriver_virtio_on_interrupt(virtio, on_interrupt, &disk->blk);
		if (error)
			return error;
	}
	return virtio_blk_init(&disk->blk, virtio, name, &s_user);
}

block_device_t *axblock_make([[maybe_unused]] size_t index, const char *name)
{
	axdriver_init();
	s_user.cpus = axhal_cpus_present();
	virtio_device_t *virtio;
	while ((virtio = axdriver_virtio_take(VIRTIO_ID_BLOCK))) {
		disk_t *disk = axalloc_alloc(sizeof *disk, _Alignof(disk_t));
		ax_err_t error = disk ? start(disk, virtio, name) : AX_ERR_NO_MEMORY;
		if (!error)
			return &disk->blk.device;
		ax_error("%s: a block device that cannot be used: %s", virtio->address, ax_err_text(error));
	}
	return NULL;
}
