/* SPDX-License-Identifier: Apache-2.0 */
/* Order, removal and iteration of the intrusive list. */
#include <axtest.h>
#include <linked_list/linked_list.h>

struct item {
	int value;
	list_node_t node;
};

static list_t s_static_list = LIST_INIT(s_static_list);

static int value_of(const list_node_t *node)
{
	return list_entry(node, struct item, node)->value;
}

TEST(a_statically_initialized_list_is_empty)
{
	CHECK(list_is_empty(&s_static_list));
	CHECK(list_first(&s_static_list) == NULL);
	CHECK(list_last(&s_static_list) == NULL);
	CHECK(list_pop_front(&s_static_list) == NULL);
}

TEST(push_back_keeps_order_and_pop_front_takes_the_oldest)
{
	struct item items[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };
	list_t list;

	list_init(&list);
	for (int i = 0; i < 3; i++)
		list_push_back(&list, &items[i].node);
	CHECK_EQ(value_of(list_first(&list)), 1);
	CHECK_EQ(value_of(list_last(&list)), 3);
	for (int i = 1; i <= 3; i++)
		CHECK_EQ(value_of(list_pop_front(&list)), i);
	CHECK(list_is_empty(&list));
}

TEST(push_front_reverses)
{
	struct item items[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };
	list_t list;
	int expected = 3;

	list_init(&list);
	for (int i = 0; i < 3; i++)
		list_push_front(&list, &items[i].node);
	list_for_each(node, &list)
		CHECK_EQ(value_of(node), expected--);
	CHECK_EQ(expected, 0);
}

TEST(insertion_lands_before_and_after_a_node)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 }, d = { .value = 4 };
	list_t list;
	int expected = 1;

	list_init(&list);
	list_push_back(&list, &b.node);
	list_insert_before(&b.node, &a.node);
	list_insert_after(&b.node, &c.node);
	list_insert_before(&list.head, &d.node);
	for (list_node_t *node = list_first(&list); node; node = list_next(&list, node))
		CHECK_EQ(value_of(node), expected++);
	CHECK_EQ(expected, 5);
	for (list_node_t *node = list_last(&list); node; node = list_prev(&list, node))
		CHECK_EQ(value_of(node), --expected);
	CHECK_EQ(expected, 1);
}

TEST(a_removed_node_is_unlinked_and_can_be_removed_again)
{
	struct item a = { .value = 1 }, b = { .value = 2 };
	list_t list;

	list_init(&list);
	list_node_init(&a.node);
	CHECK(!list_is_linked(&a.node));
	list_push_back(&list, &a.node);
	list_push_back(&list, &b.node);
	CHECK(list_is_linked(&a.node));
	list_remove(&a.node);
	CHECK(!list_is_linked(&a.node));
	list_remove(&a.node);
	CHECK_EQ(value_of(list_first(&list)), 2);
	CHECK(list_next(&list, &b.node) == NULL);
}

TEST(safe_iteration_survives_removal_of_the_visited_node)
{
	struct item items[6];
	list_t list;
	int left = 0;

	list_init(&list);
	for (int i = 0; i < 6; i++) {
		items[i].value = i;
		list_push_back(&list, &items[i].node);
	}
	list_for_each_safe(node, &list) {
		if (value_of(node) % 2 == 0)
			list_remove(node);
	}
	list_for_each(node, &list) {
		CHECK_EQ(value_of(node) % 2, 1);
		left++;
	}
	CHECK_EQ(left, 3);
}
