/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intrusive doubly linked circular list. The node lies inside the object that it links, so the list allocates
 * nothing and every operation is a few stores: insertion and removal are O(1), removal needs the node alone.
 *
 * Invariants: the head is a node of the circle; an empty list is a head that points at itself. A node that is in
 * no list points at itself (after list_node_init() or list_remove()), which list_is_linked() tells.
 * A head or a linked node must not be moved or copied: its neighbours point at it.
 *
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <base/base.h>

typedef struct list_node {
	struct list_node *prev;
	struct list_node *next;
} list_node_t;

typedef struct list {
	list_node_t head;
} list_t;

/** Initializer of the static list @p name: `static list_t s_ready = LIST_INIT(s_ready);` */
#define LIST_INIT(name) { .head = { .prev = &(name).head, .next = &(name).head } }

/** Initializer of the static node @p name, in no list. */
#define LIST_NODE_INIT(name) { .prev = &(name), .next = &(name) }

/** Make @p list empty; nodes that were in it are not touched. */
static inline void list_init(list_t *list)
{
	list->head.prev = &list->head;
	list->head.next = &list->head;
}

/** Make @p node one that is in no list. Needed only before list_is_linked() or list_remove(). */
static inline void list_node_init(list_node_t *node)
{
	node->prev = node;
	node->next = node;
}

static inline bool list_is_empty(const list_t *list)
{
	return list->head.next == &list->head;
}

/** Whether @p node, initialized before, is in a list. */
static inline bool list_is_linked(const list_node_t *node)
{
	return node->next != node;
}

/** Insert @p node, in no list, in front of @p position: a linked node, or a list's head for its end. */
static inline void list_insert_before(list_node_t *position, list_node_t *node)
{
	list_node_t *prev = position->prev;

	node->prev = prev;
	node->next = position;
	prev->next = node;
	position->prev = node;
}

/** Insert @p node, in no list, behind @p position: a linked node, or a list's head for its front. */
static inline void list_insert_after(list_node_t *position, list_node_t *node)
{
	list_insert_before(position->next, node);
}

static inline void list_push_back(list_t *list, list_node_t *node)
{
	list_insert_before(&list->head, node);
}

static inline void list_push_front(list_t *list, list_node_t *node)
{
	list_insert_before(list->head.next, node);
}

/** Take @p node out of the list it is in; harmless for an initialized node that is in none. */
static inline void list_remove(list_node_t *node)
{
	list_node_t *prev = node->prev;
	list_node_t *next = node->next;

	prev->next = next;
	next->prev = prev;
	list_node_init(node);
}

/** The first node, or NULL of an empty list. */
static inline list_node_t *list_first(const list_t *list)
{
	return list_is_empty(list) ? NULL : list->head.next;
}

/** The last node, or NULL of an empty list. */
static inline list_node_t *list_last(const list_t *list)
{
	return list_is_empty(list) ? NULL : list->head.prev;
}

/** The node behind @p node, which is in @p list; NULL at the end. */
static inline list_node_t *list_next(const list_t *list, const list_node_t *node)
{
	return node->next == &list->head ? NULL : node->next;
}

/** The node in front of @p node, which is in @p list; NULL at the front. */
static inline list_node_t *list_prev(const list_t *list, const list_node_t *node)
{
	return node->prev == &list->head ? NULL : node->prev;
}

/** Take out the first node and return it; NULL of an empty list. */
static inline list_node_t *list_pop_front(list_t *list)
{
	list_node_t *node = list_first(list);

	if (node)
		list_remove(node);
	return node;
}

/** The object of @p type whose @p member is @p node. @p node is not NULL. */
#define list_entry(node, type, member) container_of(node, type, member)

/** Declares @p node and visits the nodes front to back; the body must not remove the node that it visits. */
#define list_for_each(node, list)                                                                  \
	for (list_node_t *node = (list)->head.next; node != &(list)->head; node = node->next)

/** As list_for_each(), and the body may remove the node that it visits (and no other). */
#define list_for_each_safe(node, list)                                                             \
	for (list_node_t *node = (list)->head.next, *AX_CONCAT(node, _next_) = node->next;         \
	     node != &(list)->head;                                                                \
	     node = AX_CONCAT(node, _next_), AX_CONCAT(node, _next_) = node->next)
