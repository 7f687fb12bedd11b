/* SPDX-License-Identifier: Apache-2.0 */
/* The ring against a device that follows the specification, and against one that lies. */
#include <axtest.h>
#include <virtio_ring/virtio_ring.h>

enum { SIZE = 8, TABLES = 2, ENTRIES = 6 };
#define BUS UINT64_C(0x1000000)

static _Alignas(16) uint8_t s_shared[8192];
static _Alignas(16) uint8_t s_own[4096];
static virtio_ring_t s_ring;
static uint32_t s_doorbell;
static uint16_t s_device_seen;

static void fresh(uint16_t tables, bool event_index)
{
	const virtio_ring_shape_t shape = { SIZE, tables, tables ? ENTRIES : 0, event_index };
	CHECK(virtio_ring_shared_bytes(&shape) <= sizeof s_shared);
	CHECK(virtio_ring_private_bytes(&shape) <= sizeof s_own);
	memset(s_shared, 0, sizeof s_shared);
	CHECK_EQ(virtio_ring_init(&s_ring, &shape, s_shared, BUS, s_own), AX_OK);
	s_ring.doorbell = &s_doorbell;
	s_ring.number = 3;
	s_doorbell = UINT32_MAX;
	s_device_seen = 0;
}

static void *at(uint64_t address)
{
	CHECK(address >= BUS && address < BUS + sizeof s_shared);
	return s_shared + (address - BUS);
}

/* The device's side: the next chain's head; its descriptors follow in order. */
static uint16_t device_next(virtio_desc_t *descs, size_t *count)
{
	CHECK(s_device_seen != s_ring.avail->index);
	uint16_t head = s_ring.avail->ring[s_device_seen++ % SIZE];
	const virtio_desc_t *table = s_ring.descs;
	uint16_t index = head;
	if (table[head].flags == VIRTIO_DESC_INDIRECT) {
		table = at(s_ring.descs[head].address);
		index = 0;
	}
	for (*count = 0;; index = descs[*count - 1].next) {
		descs[(*count)++] = table[index];
		if (!(table[index].flags & VIRTIO_DESC_NEXT))
			return head;
	}
}

static void device_use(uint32_t head, uint32_t bytes)
{
	s_ring.used->ring[s_ring.used->index % SIZE] = (virtio_used_element_t){ head, bytes };
	s_ring.used->index++;
}

static ax_err_t add(size_t readable, size_t writable, void *token)
{
	virtio_buffer_t buffers[16];
	for (size_t i = 0; i < readable + writable; i++)
		buffers[i] = (virtio_buffer_t){ 0x5000 + i * 0x100, (uint32_t)(0x10 + i) };
	return virtio_ring_add(&s_ring, buffers, readable, writable, token);
}

static int s_tokens[64];

TEST(shapes_that_the_format_does_not_have_are_refused)
{
	const virtio_ring_shape_t bad[] = { { 0, 0, 0, false }, { 3, 0, 0, false }, { 65535, 0, 0, false }, { 8, 1, 0, false } };
	virtio_ring_t ring;
	for (size_t i = 0; i < 4; i++) {
		CHECK_EQ(virtio_ring_shared_bytes(&bad[i]), 0);
		CHECK_EQ(virtio_ring_init(&ring, &bad[i], s_shared, BUS, s_own), AX_ERR_INVALID_INPUT);
	}
}

TEST(a_chain_reaches_the_device_in_order_and_comes_back_with_its_token)
{
	for (uint16_t tables = 0; tables <= TABLES; tables += TABLES) {
		fresh(tables, false);
		CHECK_EQ(add(1, 2, &s_tokens[1]), AX_OK);
		CHECK_EQ(s_ring.avail->index, 0);
		CHECK(virtio_ring_publish(&s_ring));
		CHECK_EQ(s_ring.avail->index, 1);
		virtio_desc_t descs[SIZE];
		size_t count;
		uint16_t head = device_next(descs, &count);
		CHECK_EQ(count, 3);
		for (size_t i = 0; i < 3; i++) {
			CHECK_EQ(descs[i].address, 0x5000 + i * 0x100);
			CHECK_EQ(descs[i].bytes, 0x10 + i);
			CHECK_EQ(!!(descs[i].flags & VIRTIO_DESC_WRITE), i >= 1);
		}
		CHECK(!virtio_ring_take(&s_ring, NULL));
		device_use(head, 0x11 + 0x12);
		uint32_t bytes;
		CHECK(virtio_ring_take(&s_ring, &bytes) == &s_tokens[1]);
		CHECK_EQ(bytes, 0x11 + 0x12);
		CHECK(!virtio_ring_take(&s_ring, NULL));
		CHECK(!virtio_ring_is_broken(&s_ring));
		CHECK(virtio_ring_is_idle(&s_ring));
	}
}

TEST(a_full_ring_would_block_and_has_room_again_after_a_use)
{
	fresh(0, false);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(add(1, 1, &s_tokens[i]), AX_OK);
	CHECK_EQ(add(1, 0, &s_tokens[4]), AX_ERR_WOULD_BLOCK);
	CHECK_EQ(add(5, 4, &s_tokens[4]), AX_ERR_INVALID_INPUT);
	CHECK_EQ(add(0, 0, &s_tokens[4]), AX_ERR_INVALID_INPUT);
	CHECK_EQ(add(1, 0, NULL), AX_ERR_INVALID_INPUT);
	virtio_ring_kick(&s_ring);
	CHECK_EQ((uint16_t)s_doorbell, 3);
	virtio_desc_t descs[SIZE];
	size_t count;
	(void)device_next(descs, &count);
	uint16_t second = device_next(descs, &count);
	device_use(second, 0);
	CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[1]);
	CHECK_EQ(add(1, 2, &s_tokens[4]), AX_ERR_WOULD_BLOCK);
	CHECK_EQ(add(1, 1, &s_tokens[4]), AX_OK);
}

TEST(an_indirect_request_costs_one_descriptor_and_tables_that_are_out_are_done_without)
{
	fresh(TABLES, false);
	CHECK_EQ(add(3, 3, &s_tokens[0]), AX_OK);
	CHECK_EQ(add(3, 3, &s_tokens[1]), AX_OK);
	CHECK_EQ(s_ring.free_count, SIZE - 2);
	CHECK_EQ(add(3, 3, &s_tokens[2]), AX_OK); /* as a chain of six */
	CHECK_EQ(s_ring.free_count, 0);
	virtio_ring_kick(&s_ring);
	virtio_desc_t descs[SIZE];
	size_t count;
	for (int i = 0; i < 3; i++) {
		uint16_t head = device_next(descs, &count);
		CHECK_EQ(count, 6);
		device_use(head, 1);
	}
	for (int i = 0; i < 3; i++)
		CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[i]);
	CHECK_EQ(s_ring.free_count, SIZE);
}

TEST(indices_wrap_many_times_with_requests_out_of_order)
{
	for (uint16_t tables = 0; tables <= TABLES; tables += TABLES) {
		fresh(tables, true);
		virtio_desc_t descs[SIZE];
		size_t count;
		for (unsigned round = 0; round < 70000; round++) {
			CHECK_EQ(add(1, 1, &s_tokens[round % 32]), AX_OK);
			CHECK_EQ(add(2, 1, &s_tokens[32 + round % 32]), AX_OK);
			virtio_ring_kick(&s_ring);
			uint16_t first = device_next(descs, &count);
			uint16_t second = device_next(descs, &count);
			device_use(second, 1);
			device_use(first, 0);
			CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[32 + round % 32]);
			CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[round % 32]);
		}
		CHECK(virtio_ring_is_idle(&s_ring));
	}
}

TEST(a_batch_rings_the_doorbell_once_and_only_if_the_device_wants_it)
{
	fresh(0, false);
	s_ring.used->flags = VIRTIO_USED_NO_NOTIFY;
	CHECK_EQ(add(1, 0, &s_tokens[0]), AX_OK);
	virtio_ring_kick(&s_ring);
	CHECK_EQ(s_doorbell, UINT32_MAX);
	s_ring.used->flags = 0;
	virtio_ring_kick(&s_ring); /* a wish that is seen late */
	CHECK_EQ(s_doorbell & UINT16_MAX, 3);
	s_doorbell = UINT32_MAX;
	virtio_ring_kick(&s_ring); /* nothing new */
	CHECK_EQ(s_doorbell, UINT32_MAX);
	s_ring.doorbell_is_wide = true;
	CHECK_EQ(add(1, 0, &s_tokens[0]), AX_OK);
	virtio_ring_kick(&s_ring);
	CHECK_EQ(s_doorbell, 3);
}

TEST(the_event_index_says_which_additions_are_to_be_notified)
{
	fresh(0, true);
	uint16_t *avail_event = (uint16_t *)&s_ring.used->ring[SIZE];
	*avail_event = 1; /* after the second one */
	CHECK_EQ(add(1, 0, &s_tokens[0]), AX_OK);
	CHECK(!virtio_ring_publish(&s_ring));
	CHECK_EQ(add(1, 0, &s_tokens[1]), AX_OK);
	CHECK(virtio_ring_publish(&s_ring));
	CHECK_EQ(add(1, 0, &s_tokens[2]), AX_OK);
	CHECK(!virtio_ring_publish(&s_ring));
	*avail_event = 4; /* within a batch */
	CHECK_EQ(add(1, 0, &s_tokens[3]), AX_OK);
	CHECK_EQ(add(1, 0, &s_tokens[4]), AX_OK);
	CHECK_EQ(add(1, 0, &s_tokens[5]), AX_OK);
	CHECK(virtio_ring_publish(&s_ring));
}

TEST(a_wish_that_is_seen_late_is_granted_late)
{
	fresh(0, true);
	uint16_t *avail_event = (uint16_t *)&s_ring.used->ring[SIZE];
	*avail_event = UINT16_MAX; /* as it was before the wish */
	CHECK_EQ(add(1, 0, &s_tokens[0]), AX_OK);
	CHECK(!virtio_ring_publish(&s_ring));
	*avail_event = 0;
	CHECK(virtio_ring_publish(&s_ring));
	CHECK(!virtio_ring_publish(&s_ring));
	/* Of what it has used it must have known, however often the indices wrap. */
	device_use(s_ring.avail->ring[0], 0);
	CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[0]);
	for (unsigned i = 1; i < 3 * 65536; i++) {
		CHECK_EQ(add(1, 0, &s_tokens[0]), AX_OK);
		*avail_event = (uint16_t)(i - 1);
		CHECK(!virtio_ring_publish(&s_ring));
		device_use(s_ring.avail->ring[i % SIZE], 0);
		CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[0]);
		CHECK(!virtio_ring_publish(&s_ring));
	}
}

TEST(enabling_interrupts_tells_of_what_came_before)
{
	for (int event_index = 0; event_index <= 1; event_index++) {
		fresh(0, event_index);
		uint16_t *used_event = &s_ring.avail->ring[SIZE];
		CHECK_EQ(add(0, 1, &s_tokens[0]), AX_OK);
		virtio_ring_kick(&s_ring);
		virtio_ring_disable_interrupts(&s_ring);
		CHECK(event_index ? *used_event == UINT16_MAX : s_ring.avail->flags == VIRTIO_AVAIL_NO_INTERRUPT);
		CHECK(!virtio_ring_enable_interrupts(&s_ring));
		CHECK_EQ(s_ring.avail->flags, 0);
		device_use(s_ring.avail->ring[0], 0);
		CHECK(virtio_ring_enable_interrupts(&s_ring));
		CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[0]);
		CHECK(!virtio_ring_enable_interrupts(&s_ring));
		CHECK(!event_index || *used_event == 1);
	}
}

/* One request under way, of 0x10 writable bytes, as slot 0. */
static void with_one(void)
{
	fresh(0, false);
	CHECK_EQ(add(0, 1, &s_tokens[7]), AX_OK);
	virtio_ring_kick(&s_ring);
}

static void check_broken(void)
{
	CHECK(!virtio_ring_take(&s_ring, NULL));
	CHECK(virtio_ring_is_broken(&s_ring));
	CHECK_EQ(add(1, 0, &s_tokens[0]), AX_ERR_BAD_STATE);
	CHECK(!virtio_ring_take(&s_ring, NULL));
	CHECK(virtio_ring_detach(&s_ring) == &s_tokens[7]);
	CHECK(!virtio_ring_detach(&s_ring));
	CHECK(virtio_ring_is_idle(&s_ring));
}

TEST(a_device_that_uses_what_is_not_there_breaks_the_ring)
{
	with_one();
	device_use(SIZE, 0); /* no such descriptor */
	check_broken();
	with_one();
	device_use(UINT32_MAX, 0);
	check_broken();
	with_one();
	device_use(1, 0); /* free */
	check_broken();
	with_one();
	device_use(0, 0x11); /* more than it was given */
	check_broken();
	with_one();
	s_ring.used->index = 2; /* more than were made available */
	check_broken();
	with_one();
	s_ring.used->index = UINT16_MAX; /* backwards */
	check_broken();
}

TEST(a_request_that_is_used_twice_breaks_the_ring)
{
	with_one();
	CHECK_EQ(add(0, 1, &s_tokens[8]), AX_OK);
	virtio_ring_kick(&s_ring);
	device_use(1, 0);
	device_use(1, 0);
	CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[8]);
	check_broken();
}

TEST(a_device_that_scribbles_over_the_descriptors_hurts_only_itself)
{
	fresh(TABLES, false);
	CHECK_EQ(add(3, 1, &s_tokens[0]), AX_OK);
	CHECK_EQ(add(1, 0, &s_tokens[1]), AX_OK);
	virtio_ring_kick(&s_ring);
	uint16_t heads[] = { s_ring.avail->ring[0], s_ring.avail->ring[1] };
	virtio_used_t *used = s_ring.used;
	memset(s_shared, 0xff, (size_t)((uint8_t *)used - s_shared));
	memset(s_ring.tables, 0xff, TABLES * ENTRIES * sizeof(virtio_desc_t));
	device_use(heads[0], 1);
	device_use(heads[1], 0);
	CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[0]);
	CHECK(virtio_ring_take(&s_ring, NULL) == &s_tokens[1]);
	CHECK_EQ(s_ring.free_count, SIZE);
}
