/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the device: VirtIO 1.2, sections 5.2.2 to 5.2.5. */
#include <base/base.h>
#include <driver_block/driver.h>
#include "private.h"

/* Section 5.2.3. */
#define F_SIZE_MAX     (UINT64_C(1) << 1)
#define F_SEG_MAX      (UINT64_C(1) << 2)
#define F_READ_ONLY    (UINT64_C(1) << 5)
#define F_BLK_SIZE     (UINT64_C(1) << 6)
#define F_FLUSH        (UINT64_C(1) << 9)
#define F_TOPOLOGY     (UINT64_C(1) << 10)
#define F_MQ           (UINT64_C(1) << 12)
#define F_DISCARD      (UINT64_C(1) << 13)
#define F_WRITE_ZEROES (UINT64_C(1) << 14)
#define WANTED                                                                                               \
	(F_SIZE_MAX | F_SEG_MAX | F_READ_ONLY | F_BLK_SIZE | F_FLUSH | F_TOPOLOGY | F_MQ | F_DISCARD | F_WRITE_ZEROES)

/* Section 5.2.4. */
struct config {
	uint64_t capacity; /* sectors of 512 bytes */
	uint32_t size_max, seg_max;
	uint8_t geometry[4];
	uint32_t blk_size;
	uint8_t physical_block_exp, alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint8_t writeback, unused;
	uint16_t num_queues;
	uint32_t max_discard_sectors, max_discard_seg, discard_sector_alignment;
	uint32_t max_write_zeroes_sectors, max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap;
};
_Static_assert(offsetof(struct config, num_queues) == 34 && offsetof(struct config, write_zeroes_may_unmap) == 56,
	       "section 5.2.4");

/* A queue of 128 requests at most; 32 of them with many segments. */
enum { QUEUE_SIZE = 128, TABLES = 32, TABLE_ENTRIES = VIRTIO_BLK_SEGMENTS + 2 };

/* Of one request: large enough that its overhead does not count, small enough that several go at once. */
#define MAX_BYTES (1u << 20)

BLOCK_DRIVER(virtio_blk_ops, virtio_blk_submit, virtio_blk_kick, virtio_blk_poll, virtio_blk_wait);

/* What block_device_t says, of what the device says; AX_ERR_IO where that makes no sense. */
static ax_err_t describe(block_device_t *device, const virtio_device_t *virtio, const struct config *config)
{
	uint32_t block_bytes = virtio_device_has(virtio, F_BLK_SIZE) ? config->blk_size : BLOCK_BYTES_MIN;
	if (block_bytes < BLOCK_BYTES_MIN || block_bytes > BLOCK_BYTES_MAX || block_bytes & (block_bytes - 1))
		return AX_ERR_IO;
	uint32_t sectors = block_bytes >> SECTOR_SHIFT;
	uint32_t max_bytes = MAX_BYTES, segments = VIRTIO_BLK_SEGMENTS;
	if (virtio_device_has(virtio, F_SIZE_MAX))
		max_bytes = AX_MIN(max_bytes, config->size_max);
	if (virtio_device_has(virtio, F_SEG_MAX))
		segments = AX_MIN(segments, config->seg_max);
	/* What the device has of erasing, in its smaller unit. */
	bool can_discard = virtio_device_has(virtio, F_DISCARD), can_zero = virtio_device_has(virtio, F_WRITE_ZEROES);
	uint32_t erase_sectors = UINT32_MAX;
	if (can_discard)
		erase_sectors = AX_MIN(erase_sectors, config->max_discard_sectors);
	if (can_zero)
		erase_sectors = AX_MIN(erase_sectors, config->max_write_zeroes_sectors);
	if (!(config->capacity / sectors) || config->capacity >> (63 - SECTOR_SHIFT) || max_bytes < block_bytes || !segments)
		return AX_ERR_IO;
	if (erase_sectors < sectors)
		can_discard = can_zero = false;
	device->block_count = config->capacity / sectors;
	device->block_bytes = block_bytes;
	device->preferred_blocks = 1;
	if (virtio_device_has(virtio, F_TOPOLOGY) && config->physical_block_exp < 8)
		device->preferred_blocks = 1u << config->physical_block_exp;
	device->max_segments = segments;
	device->max_blocks = max_bytes / block_bytes;
	device->max_erase_blocks = can_discard || can_zero ? erase_sectors / sectors : 0;
	device->read_only = virtio_device_has(virtio, F_READ_ONLY);
	device->can_discard = can_discard;
	device->can_write_zeroes = can_zero;
	device->is_volatile = virtio_device_has(virtio, F_FLUSH);
	return AX_OK;
}

static size_t slots_bytes(const virtio_blk_queue_t *queue)
{
	return queue->slot_count * sizeof(virtio_blk_slot_t);
}

static ax_err_t make_queue(virtio_blk_t *self, uint16_t number)
{
	virtio_blk_queue_t *queue = &self->queues[number];
	virtio_device_t *virtio = self->virtio;
	ax_err_t error = virtio_device_make_ring(virtio, number, QUEUE_SIZE, TABLES, TABLE_ENTRIES, &queue->ring);
	if (error)
		return error;
	self->queue_count++;
	queue->slot_count = queue->ring.size;
	queue->slots = virtio->memory->alloc(slots_bytes(queue));
	if (!queue->slots)
		return AX_ERR_NO_MEMORY;
	for (size_t i = queue->slot_count; i--;) {
		queue->slots[i].next_free = queue->free;
		queue->free = &queue->slots[i];
	}
	if (!self->user->has_interrupts)
		virtio_ring_disable_interrupts(&queue->ring);
	/* Without indirect tables a request with its header and status must fit into the queue. */
	if (queue->ring.size < 3)
		return AX_ERR_IO;
	self->device.max_segments = AX_MIN(self->device.max_segments, queue->ring.size - 2u);
	return AX_OK;
}

static void free_queues(virtio_blk_t *self)
{
	for (unsigned i = 0; i < self->queue_count; i++) {
		virtio_blk_queue_t *queue = &self->queues[i];
		if (queue->slots)
			self->virtio->memory->free(queue->slots, slots_bytes(queue));
		virtio_device_free_ring(self->virtio, &queue->ring);
	}
	self->queue_count = 0;
}

ax_err_t virtio_blk_init(virtio_blk_t *self, virtio_device_t *virtio, const char *name, const virtio_blk_user_t *user)
{
	*self = (virtio_blk_t){ .device.name = name, .virtio = virtio, .user = user };
	ax_err_t error = virtio_device_begin(virtio, WANTED);
	if (error)
		return error;
	struct config config;
	virtio_device_read_config(virtio, 0, &config, sizeof config);
	error = describe(&self->device, virtio, &config);
	unsigned queues = virtio_device_has(virtio, F_MQ) ? AX_MIN(config.num_queues, VIRTIO_BLK_QUEUES) : 1;
	queues = AX_MAX(1u, AX_MIN(queues, user->cpus));
	for (uint16_t i = 0; !error && i < queues; i++)
		error = make_queue(self, i);
	if (error) {
		virtio_device_fail(virtio);
		free_queues(self);
		return error;
	}
	BLOCK_DRIVER_ATTACH(&self->device, virtio_blk_ops);
	virtio_device_start(virtio);
	return AX_OK;
}

void virtio_blk_end(virtio_blk_t *self)
{
	virtio_blk_fail(self, AX_ERR_NO_DEVICE);
	free_queues(self);
}
