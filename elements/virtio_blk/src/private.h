/* SPDX-License-Identifier: Apache-2.0 */
/* What both files share: a slot is what a request needs in memory that the device sees. */
#pragma once

#include <virtio_blk/virtio_blk.h>

/* Section 5.2.6. */
enum {
	TYPE_READ = 0,
	TYPE_WRITE = 1,
	TYPE_FLUSH = 4,
	TYPE_DISCARD = 11,
	TYPE_WRITE_ZEROES = 13,

	STATUS_OK = 0,
	STATUS_ERROR = 1,
	STATUS_UNSUPPORTED = 2,
	STATUS_NONE = 0xff, /* not the device's: it has written nothing */
};

typedef struct virtio_blk_slot {
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header;
	struct {
		uint64_t sector;
		uint32_t sectors, flags;
	} erase;
	uint8_t status;
	block_request_t *request;
	struct virtio_blk_slot *next_free;
} virtio_blk_slot_t;
_Static_assert(sizeof(((virtio_blk_slot_t *)0)->header) == 16 && sizeof(((virtio_blk_slot_t *)0)->erase) == 16,
	       "section 5.2.6");

#define SECTOR_SHIFT 9

/* request.c: what BLOCK_DRIVER() takes. */
bool virtio_blk_submit(block_device_t *device, block_request_t *request);
void virtio_blk_kick(block_device_t *device);
void virtio_blk_poll(block_device_t *device);
void virtio_blk_wait(block_device_t *device, const block_request_t *request);

/** Reset the device, once; what is under way ends with @p error. */
void virtio_blk_fail(virtio_blk_t *self, ax_err_t error);
