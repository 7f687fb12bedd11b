/* SPDX-License-Identifier: Apache-2.0 */
/* What driver and device share of a split virtqueue: VirtIO 1.2, sections 2.7.5 to 2.7.8. Little-endian. */
#pragma once

#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "virtio is little-endian, and so must be the processor");

enum { /* flags of a descriptor */
	VIRTIO_DESC_NEXT = 1,     /* the chain goes on at `next` */
	VIRTIO_DESC_WRITE = 2,    /* the device writes it, else reads it */
	VIRTIO_DESC_INDIRECT = 4, /* a table of descriptors lies there */
};

enum {
	VIRTIO_AVAIL_NO_INTERRUPT = 1,
	VIRTIO_USED_NO_NOTIFY = 1,
};

typedef struct virtio_desc {
	uint64_t address;
	uint32_t bytes;
	uint16_t flags;
	uint16_t next;
} virtio_desc_t;
_Static_assert(sizeof(virtio_desc_t) == 16, "section 2.7.5");

/* uint16_t used_event follows the last entry. */
typedef struct virtio_avail {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[];
} virtio_avail_t;

typedef struct virtio_used_element {
	uint32_t id; /* the first descriptor of the chain */
	uint32_t bytes; /* written by the device */
} virtio_used_element_t;
_Static_assert(sizeof(virtio_used_element_t) == 8, "section 2.7.8");

/* uint16_t avail_event follows the last entry. */
typedef struct virtio_used {
	uint16_t flags;
	uint16_t index;
	virtio_used_element_t ring[];
} virtio_used_t;
