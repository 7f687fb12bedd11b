/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtio block device in memory: it does what it shall, or what `lie` says. Bus addresses are the program's. Include it in one
 * file of a test binary.
 */
#pragma once

#include <axtest.h>
#include <axvirtio.h>
#include <kernel_guard/irq_deliver.h>
#include <virtio_blk/virtio_blk.h>

enum { MODEL_SECTORS = 256 };

typedef enum model_lie {
	MODEL_HONEST,
	MODEL_BAD_INDEX,    /* uses a descriptor that there is not */
	MODEL_NO_ANSWER,    /* never uses anything */
	MODEL_NO_STATUS,    /* uses, but writes no status */
	MODEL_NEEDS_RESET,
} model_lie_t;

static struct {
	uint8_t memory[MODEL_SECTORS * 512];
	model_lie_t lie;
	uint64_t bad_sector; /* reading or writing it fails */
	size_t requests, flushes, discards, zeroings;
} s_model;

/* Nothing interrupts a test. */
void kernel_guard_irq_deliver(void)
{
}

/* Set a field of the configuration. */
static void model_config(size_t offset, uint64_t value, size_t bytes)
{
	memcpy(s_axvirtio.config + offset, &value, bytes);
}

/* A device of MODEL_SECTORS sectors with @p features besides those of every device. */
static virtio_device_t *model_fresh(uint64_t features)
{
	memset(&s_model, 0, sizeof s_model);
	s_model.bad_sector = UINT64_MAX;
	for (size_t i = 0; i < sizeof s_model.memory; i++)
		s_model.memory[i] = (uint8_t)(i ^ i / 512);
	uint64_t sectors = MODEL_SECTORS;
	virtio_device_t *device =
		axvirtio_fresh(VIRTIO_ID_BLOCK, features | VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX, &sectors, sizeof sectors);
	s_axvirtio.most_queues = 1;
	s_axvirtio.queue_size = 16;
	return device;
}

/* The chain from @p head on, indirect or not. */
static size_t read_chain(const virtio_desc_t *table, uint16_t head, virtio_desc_t *chain)
{
	if (table[head].flags & VIRTIO_DESC_INDIRECT) {
		table = (const virtio_desc_t *)(uintptr_t)table[head].address;
		head = 0;
	}
	size_t count = 0;
	for (;; head = table[head].next) {
		chain[count++] = table[head];
		if (!(table[head].flags & VIRTIO_DESC_NEXT))
			return count;
	}
}

/* Section 5.2.6, as a device must do it. @return the status */
static uint8_t carry_out(const virtio_desc_t *chain, size_t count, uint32_t *written)
{
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header;
	struct {
		uint64_t sector;
		uint32_t sectors, flags;
	} erase;
	CHECK_EQ(chain[0].bytes, 16);
	memcpy(&header, (void *)(uintptr_t)chain[0].address, 16);
	s_model.requests++;
	s_model.flushes += header.type == 4;
	s_model.discards += header.type == 11;
	if (header.type == 11 || header.type == 13) {
		memcpy(&erase, (void *)(uintptr_t)chain[1].address, 16);
		if (header.type == 13) {
			s_model.zeroings++;
			memset(s_model.memory + erase.sector * 512, 0, (size_t)erase.sectors * 512);
		}
		return 0;
	}
	uint8_t *at = s_model.memory + header.sector * 512;
	for (size_t i = 1; i + 1 < count; i++) {
		uint64_t sector = (uint64_t)(at - s_model.memory) / 512;
		CHECK(sector * 512 + chain[i].bytes <= sizeof s_model.memory);
		CHECK_EQ(!!(chain[i].flags & VIRTIO_DESC_WRITE), header.type == 0);
		if (s_model.bad_sector - sector < chain[i].bytes / 512)
			return 1;
		void *data = (void *)(uintptr_t)chain[i].address;
		memcpy(header.type ? (void *)at : data, header.type ? data : (void *)at, chain[i].bytes);
		if (!header.type)
			*written += chain[i].bytes;
		at += chain[i].bytes;
	}
	return 0;
}

/* Carry out the next request of the queue. */
static bool model_answer(uint16_t number)
{
	const virtio_queue_place_t *place = &s_axvirtio.queues[number];
	virtio_desc_t chain[80];
	uint32_t id, written = 0;
	if (!axvirtio_next_chain(number, &id))
		return false;
	size_t count = read_chain((const virtio_desc_t *)(uintptr_t)place->descs_address, (uint16_t)id, chain);
	CHECK(count >= 2 && chain[count - 1].bytes == 1);
	uint8_t result = carry_out(chain, count, &written);
	if (s_model.lie != MODEL_NO_STATUS)
		*(uint8_t *)(uintptr_t)chain[count - 1].address = result;
	axvirtio_use(number, s_model.lie == MODEL_BAD_INDEX ? 4711 : id, written + 1);
	s_axvirtio.why |= VIRTIO_INTERRUPT_QUEUE;
	return true;
}

/* Be notified when what is made available passes @p index. */
static void model_wish(uint16_t number, uint16_t index)
{
	const virtio_queue_place_t *place = &s_axvirtio.queues[number];
	virtio_used_t *used = (void *)place->used_address;
	((uint16_t *)&used->ring[place->size])[0] = index;
}

static void run_queue(uint16_t number)
{
	const virtio_queue_place_t *place = &s_axvirtio.queues[number];
	if (!place->size || !(s_axvirtio.status & VIRTIO_STATUS_DRIVER_OK))
		return;
	const virtio_avail_t *avail = (const void *)place->avail_address;
	while (s_model.lie != MODEL_NO_ANSWER && model_answer(number))
		model_wish(number, avail->index);
}

/* Carry out what is available in every queue. */
static void model_run(void)
{
	for (uint16_t i = 0; i < s_axvirtio.most_queues; i++)
		run_queue(i);
	if (s_model.lie == MODEL_NEEDS_RESET) {
		s_axvirtio.status |= VIRTIO_STATUS_NEEDS_RESET;
		s_axvirtio.why |= VIRTIO_INTERRUPT_CONFIG;
	}
}
