/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The split virtqueue. Of the shared memory the driver reads only the used ring and the device's flags and event
 * index, each word once; all that it decides by is in its slots.
 */
#include <base/base.h>
#include <virtio_ring/virtio_ring.h>

enum { NO_TABLE = UINT16_MAX, NO_SLOT = UINT16_MAX };

/* Sections 2.7.6 and 2.7.8: the event words behind the rings. */
static uint16_t *used_event(const virtio_ring_t *self)
{
	return &self->avail->ring[self->size];
}

static uint16_t *avail_event(const virtio_ring_t *self)
{
	return (uint16_t *)&self->used->ring[self->size];
}

static uint16_t load(const uint16_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void store(uint16_t *word, uint16_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* Byte offsets in the shared memory, each part aligned as section 2.7 demands. */
typedef struct parts {
	size_t avail, used, tables, end;
} parts_t;

static size_t align(size_t bytes, size_t alignment)
{
	return (bytes + alignment - 1) & ~(alignment - 1);
}

static parts_t parts_of(const virtio_ring_shape_t *shape)
{
	size_t size = shape->size;
	parts_t parts;
	parts.avail = size * sizeof(virtio_desc_t);
	parts.used = align(parts.avail + sizeof(virtio_avail_t) + size * sizeof(uint16_t) + sizeof(uint16_t), 4);
	parts.tables = align(parts.used + sizeof(virtio_used_t) + size * sizeof(virtio_used_element_t) + sizeof(uint16_t), 16);
	parts.end = parts.tables + (size_t)shape->tables * shape->table_entries * sizeof(virtio_desc_t);
	return parts;
}

static bool is_possible(const virtio_ring_shape_t *shape)
{
	if (!shape->size || shape->size & (shape->size - 1) || shape->size > VIRTIO_RING_MAX_SIZE)
		return false;
	return shape->tables != NO_TABLE && !shape->tables == !shape->table_entries;
}

size_t virtio_ring_shared_bytes(const virtio_ring_shape_t *shape)
{
	return is_possible(shape) ? parts_of(shape).end : 0;
}

size_t virtio_ring_private_bytes(const virtio_ring_shape_t *shape)
{
	return shape->size * sizeof(virtio_ring_slot_t) + shape->tables * sizeof(uint16_t);
}

ax_err_t virtio_ring_init(virtio_ring_t *self, const virtio_ring_shape_t *shape, void *shared, uint64_t address,
			  void *own)
{
	if (!is_possible(shape))
		return AX_ERR_INVALID_INPUT;
	parts_t parts = parts_of(shape);
	char *start = shared;
	*self = (virtio_ring_t){
		.event_index = shape->event_index,
		.size = shape->size,
		.free_count = shape->size,
		.table_first = shape->tables ? 0 : NO_TABLE,
		.table_count = shape->tables,
		.table_entries = shape->table_entries,
		.descs = shared,
		.avail = (virtio_avail_t *)(start + parts.avail),
		.used = (virtio_used_t *)(start + parts.used),
		.tables = (virtio_desc_t *)(start + parts.tables),
		.slots = own,
		.table_next = (uint16_t *)((virtio_ring_slot_t *)own + shape->size),
		.descs_address = address,
		.avail_address = address + parts.avail,
		.used_address = address + parts.used,
		.tables_address = address + parts.tables,
	};
	for (unsigned i = 0; i < shape->size; i++)
		self->slots[i] = (virtio_ring_slot_t){ .next = (uint16_t)(i + 1), .table = NO_TABLE };
	for (unsigned i = 0; i < shape->tables; i++)
		self->table_next[i] = i + 1u == shape->tables ? NO_TABLE : (uint16_t)(i + 1);
	return AX_OK;
}

static virtio_desc_t describe(const virtio_buffer_t *buffer, bool writable)
{
	return (virtio_desc_t){ buffer->address, buffer->bytes, writable ? VIRTIO_DESC_WRITE : 0, 0 };
}

static uint16_t take_slot(virtio_ring_t *self)
{
	uint16_t slot = self->free_first;
	self->free_first = self->slots[slot].next;
	self->free_count--;
	return slot;
}

/* One descriptor for the whole request: section 2.7.5.3. */
static uint16_t add_indirect(virtio_ring_t *self, const virtio_buffer_t *buffers, size_t readable, size_t count)
{
	uint16_t table = self->table_first;
	self->table_first = self->table_next[table];
	size_t first = (size_t)table * self->table_entries;
	virtio_desc_t *descs = &self->tables[first];
	for (size_t i = 0; i < count; i++) {
		descs[i] = describe(&buffers[i], i >= readable);
		if (i + 1 < count) {
			descs[i].flags |= VIRTIO_DESC_NEXT;
			descs[i].next = (uint16_t)(i + 1);
		}
	}
	uint16_t head = take_slot(self);
	self->descs[head] = (virtio_desc_t){
		.address = self->tables_address + first * sizeof(virtio_desc_t),
		.bytes = (uint32_t)(count * sizeof(virtio_desc_t)),
		.flags = VIRTIO_DESC_INDIRECT,
	};
	self->slots[head].table = table;
	self->slots[head].count = 1;
	return head;
}

static uint16_t add_chain(virtio_ring_t *self, const virtio_buffer_t *buffers, size_t readable, size_t count)
{
	uint16_t head = NO_SLOT, last = NO_SLOT;
	for (size_t i = 0; i < count; i++) {
		uint16_t slot = take_slot(self);
		self->descs[slot] = describe(&buffers[i], i >= readable);
		if (last == NO_SLOT) {
			head = slot;
		} else {
			self->descs[last].flags |= VIRTIO_DESC_NEXT;
			self->descs[last].next = slot;
			self->slots[last].next = slot;
		}
		last = slot;
	}
	self->slots[head].table = NO_TABLE;
	self->slots[head].count = (uint16_t)count;
	return head;
}

ax_err_t virtio_ring_add(virtio_ring_t *self, const virtio_buffer_t *buffers, size_t readable, size_t writable,
			 void *token)
{
	size_t count = readable + writable;
	if (self->is_broken)
		return AX_ERR_BAD_STATE;
	/* Section 2.7.5.3.1: no chain is longer than the queue, in a table or not. */
	if (!count || count > self->size || !token)
		return AX_ERR_INVALID_INPUT;
	if (!self->free_count)
		return AX_ERR_WOULD_BLOCK;
	bool indirect = count > 1 && self->table_first != NO_TABLE && count <= self->table_entries;
	if (!indirect && count > self->free_count)
		return AX_ERR_WOULD_BLOCK;
	uint16_t head = indirect ? add_indirect(self, buffers, readable, count) : add_chain(self, buffers, readable, count);
	uint64_t writable_bytes = 0;
	for (size_t i = readable; i < count; i++)
		writable_bytes += buffers[i].bytes;
	self->slots[head].token = token;
	self->slots[head].writable_bytes = (uint32_t)AX_MIN(writable_bytes, UINT32_MAX);
	store(&self->avail->ring[self->added & (self->size - 1)], head);
	self->added++;
	self->under_way++;
	return AX_OK;
}

/* Section 2.7.10.1: whether @p event lies in (old, now], all of them wrapping. */
static bool passes(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

/* What the device was last notified of, or, if that is later, what it must have seen, as it has used it. */
static uint16_t known(const virtio_ring_t *self)
{
	uint16_t notified = (uint16_t)(self->notified - self->seen), all = (uint16_t)(self->added - self->seen);
	return notified <= all ? self->notified : self->seen;
}

/*
 * The device writes its wish and then reads the index; we do it the other way round, with a barrier between: one of us sees
 * the other's. An emulator that runs a single processor may leave out the barrier towards its own threads (QEMU does for locked
 * instructions): then neither sees the other's. So the wish is looked at again for all that the device was not notified of,
 * whenever this is called, and not for what is new alone: else the device, which waits for one index to be passed, would
 * never be notified again.
 */
bool virtio_ring_publish(virtio_ring_t *self)
{
	if (self->published != self->added) {
		self->published = self->added;
		__atomic_store_n(&self->avail->index, self->added, __ATOMIC_RELEASE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
	uint16_t before = known(self);
	if (before == self->added)
		return false;
	if (self->event_index ? !passes(load(avail_event(self)), self->added, before)
			      : load(&self->used->flags) & VIRTIO_USED_NO_NOTIFY)
		return false;
	self->notified = self->added;
	return true;
}

void virtio_ring_kick(virtio_ring_t *self)
{
	if (virtio_ring_publish(self))
		virtio_ring_notify(self);
}

/* The chain's descriptors and its table are free again. */
static void *release(virtio_ring_t *self, uint16_t head)
{
	virtio_ring_slot_t *slot = &self->slots[head];
	void *token = slot->token;
	slot->token = NULL;
	if (slot->table != NO_TABLE) {
		self->table_next[slot->table] = self->table_first;
		self->table_first = slot->table;
		slot->table = NO_TABLE;
	}
	uint16_t last = head;
	for (uint16_t i = 1; i < slot->count; i++)
		last = self->slots[last].next;
	self->slots[last].next = self->free_first;
	self->free_first = head;
	self->free_count = (uint16_t)(self->free_count + slot->count);
	self->under_way--;
	return token;
}

void *virtio_ring_take(virtio_ring_t *self, uint32_t *bytes)
{
	if (self->is_broken)
		return NULL;
	uint16_t used = (uint16_t)(__atomic_load_n(&self->used->index, __ATOMIC_ACQUIRE) - self->seen);
	if (!used)
		return NULL;
	const virtio_used_element_t *element = &self->used->ring[self->seen & (self->size - 1)];
	uint32_t head = __atomic_load_n(&element->id, __ATOMIC_RELAXED);
	uint32_t written = __atomic_load_n(&element->bytes, __ATOMIC_RELAXED);
	if (used > self->under_way || head >= self->size || !self->slots[head].token ||
	    written > self->slots[head].writable_bytes) {
		self->is_broken = true;
		return NULL;
	}
	self->seen++;
	if (bytes)
		*bytes = written;
	return release(self, (uint16_t)head);
}

bool virtio_ring_enable_interrupts(virtio_ring_t *self)
{
	if (self->event_index)
		store(used_event(self), self->seen);
	else
		store(&self->avail->flags, 0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !self->is_broken && load(&self->used->index) != self->seen;
}

void virtio_ring_disable_interrupts(virtio_ring_t *self)
{
	/* With the event index the flag means nothing: the index that comes last of all instead. */
	if (self->event_index)
		store(used_event(self), (uint16_t)(self->seen - 1));
	else
		store(&self->avail->flags, VIRTIO_AVAIL_NO_INTERRUPT);
}

void *virtio_ring_detach(virtio_ring_t *self)
{
	for (unsigned i = 0; i < self->size && self->under_way; i++) {
		if (self->slots[i].token)
			return release(self, (uint16_t)i);
	}
	return NULL;
}
