/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"
#include <axtest.h>
#include <kernel_guard/irq_deliver.h>

struct model g_model;

/* Nothing interrupts a test. */
void kernel_guard_irq_deliver(void)
{
}

static uint8_t status([[maybe_unused]] virtio_device_t *self)
{
	return g_model.status;
}

static void set_status([[maybe_unused]] virtio_device_t *self, uint8_t value)
{
	g_model.status = value;
	if (!value)
		g_model.resets++;
}

static uint64_t device_features([[maybe_unused]] virtio_device_t *self)
{
	return g_model.features;
}

static void set_driver_features([[maybe_unused]] virtio_device_t *self, uint64_t features)
{
	g_model.driver_features = features;
}

static uint32_t generation([[maybe_unused]] virtio_device_t *self)
{
	return 0;
}

static uint32_t read_config([[maybe_unused]] virtio_device_t *self, size_t offset, size_t bytes)
{
	uint32_t value = 0;
	CHECK(offset + bytes <= sizeof g_model.config);
	memcpy(&value, g_model.config + offset, bytes);
	return value;
}

static uint16_t queue_max([[maybe_unused]] virtio_device_t *self, uint16_t number)
{
	return number < g_model.queues ? g_model.max : 0;
}

static ax_err_t enable_queue([[maybe_unused]] virtio_device_t *self, const virtio_queue_place_t *place,
			     [[maybe_unused]] virtio_ring_t *ring)
{
	g_model.places[place->number] = *place;
	return AX_OK;
}

static uint32_t acknowledge([[maybe_unused]] virtio_device_t *self)
{
	uint32_t why = g_model.interrupt;
	g_model.interrupt = 0;
	return why;
}

static const virtio_transport_t s_transport = { status,      set_status, device_features, set_driver_features, generation,
						read_config, NULL,	 queue_max,	  enable_queue,	       acknowledge };

static void *alloc(size_t bytes)
{
	if (g_model.no_memory)
		return NULL;
	g_model.allocated += bytes;
	void *memory = aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
	return memset(memory, 0, bytes);
}

static void free_(void *memory, size_t bytes)
{
	g_model.allocated -= bytes;
	free(memory);
}

static const virtio_memory_t s_memory = { 0, 0, 0, 0, alloc, free_ };

void model_config(size_t offset, uint64_t value, size_t bytes)
{
	memcpy(g_model.config + offset, &value, bytes);
}

virtio_device_t *model_fresh(uint64_t features)
{
	memset(&g_model, 0, sizeof g_model);
	g_model.virtio = (virtio_device_t){ &s_transport, &s_memory, VIRTIO_ID_BLOCK, 0, "model" };
	g_model.features = features | VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX;
	g_model.queues = 1;
	g_model.max = 16;
	g_model.bad_sector = UINT64_MAX;
	model_config(0, MODEL_SECTORS, 8);
	for (size_t i = 0; i < sizeof g_model.memory; i++)
		g_model.memory[i] = (uint8_t)(i ^ i / 512);
	return &g_model.virtio;
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
	g_model.requests++;
	g_model.flushes += header.type == 4;
	g_model.discards += header.type == 11;
	if (header.type == 11 || header.type == 13) {
		memcpy(&erase, (void *)(uintptr_t)chain[1].address, 16);
		if (header.type == 13) {
			g_model.zeroings++;
			memset(g_model.memory + erase.sector * 512, 0, (size_t)erase.sectors * 512);
		}
		return 0;
	}
	uint8_t *at = g_model.memory + header.sector * 512;
	for (size_t i = 1; i + 1 < count; i++) {
		uint64_t sector = (uint64_t)(at - g_model.memory) / 512;
		CHECK(sector * 512 + chain[i].bytes <= sizeof g_model.memory);
		CHECK_EQ(!!(chain[i].flags & VIRTIO_DESC_WRITE), header.type == 0);
		if (g_model.bad_sector - sector < chain[i].bytes / 512)
			return 1;
		void *data = (void *)(uintptr_t)chain[i].address;
		memcpy(header.type ? (void *)at : data, header.type ? data : (void *)at, chain[i].bytes);
		if (!header.type)
			*written += chain[i].bytes;
		at += chain[i].bytes;
	}
	return 0;
}

static void run_queue(uint16_t number)
{
	const virtio_queue_place_t *place = &g_model.places[number];
	if (!place->size || !(g_model.status & VIRTIO_STATUS_DRIVER_OK))
		return;
	const virtio_avail_t *avail = (const virtio_avail_t *)(uintptr_t)place->avail_address;
	virtio_used_t *used = (virtio_used_t *)(uintptr_t)place->used_address;
	while (g_model.seen[number] != avail->index && g_model.lie != MODEL_NO_ANSWER) {
		virtio_desc_t chain[80];
		uint16_t head = avail->ring[g_model.seen[number]++ % place->size];
		size_t count = read_chain((const virtio_desc_t *)(uintptr_t)place->descs_address, head, chain);
		uint32_t written = 0;
		CHECK(count >= 2 && chain[count - 1].bytes == 1);
		uint8_t result = carry_out(chain, count, &written);
		if (g_model.lie != MODEL_NO_STATUS)
			*(uint8_t *)(uintptr_t)chain[count - 1].address = result;
		used->ring[used->index % place->size] =
			(virtio_used_element_t){ g_model.lie == MODEL_BAD_INDEX ? 4711 : head, written + 1 };
		used->index++;
		((uint16_t *)&used->ring[place->size])[0] = avail->index; /* the event index: notify at the next one */
		g_model.interrupt |= VIRTIO_INTERRUPT_QUEUE;
	}
}

void model_run(void)
{
	for (uint16_t i = 0; i < g_model.queues; i++)
		run_queue(i);
	if (g_model.lie == MODEL_NEEDS_RESET) {
		g_model.status |= VIRTIO_STATUS_NEEDS_RESET;
		g_model.interrupt |= VIRTIO_INTERRUPT_CONFIG;
	}
}
