/* SPDX-License-Identifier: Apache-2.0 */
/* The heap against an array searched for its least, on random traces. */
#include <axtest.h>
#include <pairing_heap/pairing_heap.h>

typedef struct item {
	pairing_heap_node_t node;
	int key;
} item_t;

enum { ITEMS = 200 };

static item_t s_items[ITEMS];

static int key_of(const pairing_heap_node_t *node)
{
	return container_of(node, item_t, node)->key;
}

static bool less(const pairing_heap_node_t *a, const pairing_heap_node_t *b)
{
	return key_of(a) < key_of(b);
}

static int least_key(void)
{
	int least = INT32_MAX;
	for (int i = 0; i < ITEMS; i++) {
		if (pairing_heap_is_linked(&s_items[i].node))
			least = AX_MIN(least, s_items[i].key);
	}
	return least;
}

TEST(empty_heap_has_no_first)
{
	pairing_heap_t heap = PAIRING_HEAP_INIT;
	CHECK(pairing_heap_first(&heap) == NULL);
	CHECK(pairing_heap_pop(&heap, less) == NULL);
}

TEST(nodes_come_out_in_order)
{
	pairing_heap_t heap;
	pairing_heap_init(&heap);
	for (int i = 0; i < ITEMS; i++) {
		s_items[i].key = i * 77 % 199;
		pairing_heap_insert(&heap, &s_items[i].node, less);
	}
	int last = -1;
	for (int i = 0; i < ITEMS; i++) {
		pairing_heap_node_t *node = pairing_heap_pop(&heap, less);
		CHECK(node && key_of(node) >= last);
		CHECK(!pairing_heap_is_linked(node));
		last = key_of(node);
	}
	CHECK(pairing_heap_first(&heap) == NULL);
}

TEST(random_insertions_and_removals_keep_the_least_first)
{
	pairing_heap_t heap = PAIRING_HEAP_INIT;
	srand(7);
	for (int i = 0; i < ITEMS; i++)
		pairing_heap_node_init(&s_items[i].node);
	for (int step = 0; step < 50000; step++) {
		item_t *item = &s_items[rand() % ITEMS];
		if (rand() % 8 == 0 && pairing_heap_first(&heap)) {
			int least = least_key();
			CHECK_EQ(key_of(pairing_heap_pop(&heap, less)), least);
		} else if (pairing_heap_is_linked(&item->node)) {
			pairing_heap_remove(&heap, &item->node, less);
		} else {
			item->key = rand() % 1000;
			pairing_heap_insert(&heap, &item->node, less);
		}
		CHECK_EQ(heap.root ? key_of(heap.root) : INT32_MAX, least_key());
	}
}

TEST(a_walk_meets_every_node_once_and_the_least_first)
{
	pairing_heap_t heap = PAIRING_HEAP_INIT;
	srand(8);
	for (int i = 0; i < ITEMS; i++) {
		s_items[i].key = rand() % 50;
		pairing_heap_insert(&heap, &s_items[i].node, less);
		if (i % 5 == 4) {
			pairing_heap_node_t *least = pairing_heap_pop(&heap, less);
			pairing_heap_insert(&heap, least, less);
		}
	}
	bool met[ITEMS] = {};
	int count = 0;
	CHECK(pairing_heap_first(&heap) != NULL);
	for (pairing_heap_node_t *node = pairing_heap_first(&heap); node; node = pairing_heap_next(node)) {
		bool *here = &met[container_of(node, item_t, node) - s_items];
		CHECK(!*here);
		*here = true;
		count++;
	}
	CHECK_EQ(count, ITEMS);
	CHECK_EQ(key_of(pairing_heap_first(&heap)), least_key());
}
