/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intrusive pairing heap (Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap", Algorithmica 1, 1986),
 * two-pass: insertion and the least node in O(1), removal of any node in O(log n) amortized. Chosen over a
 * balanced tree for its size and its cheap insertion, where most of what is queued is the least or is cancelled.
 *
 * The order is a function `less` that the caller passes to each operation, the same for one heap at all times; being
 * always inlined, it costs no call. Nodes that are equal come out in any order.
 *
 * Shape: a node's children form a list through `next`; `prev` is the left sibling, or the parent for a first
 * child. The root has neither; a node in no heap has itself as `prev`. A linked node must not be moved.
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <base/base.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct pairing_heap_node {
	struct pairing_heap_node *child, *next, *prev;
} pairing_heap_node_t;

typedef struct pairing_heap {
	pairing_heap_node_t *root; /* the least node */
} pairing_heap_t;

#define PAIRING_HEAP_INIT { NULL }

/** Whether @p a comes before @p b. */
typedef bool pairing_heap_less_t(const pairing_heap_node_t *a, const pairing_heap_node_t *b);

static inline void pairing_heap_init(pairing_heap_t *self)
{
	self->root = NULL;
}

/** Make @p node one that is in no heap. Needed before pairing_heap_is_linked() alone. */
static inline void pairing_heap_node_init(pairing_heap_node_t *node)
{
	node->prev = node;
}

/** Whether @p node, initialized or inserted before, is in a heap. */
static inline bool pairing_heap_is_linked(const pairing_heap_node_t *node)
{
	return node->prev != node;
}

/** The least node, or NULL of an empty heap. */
static inline pairing_heap_node_t *pairing_heap_first(const pairing_heap_t *self)
{
	return self->root;
}

/*
 * Two roots, neither NULL: the lesser takes the other as its first child. `next` of the result is for the
 * caller to set.
 */
static AX_ALWAYS_INLINE pairing_heap_node_t *pairing_heap_merge_(pairing_heap_node_t *a, pairing_heap_node_t *b,
								 pairing_heap_less_t *less)
{
	if (less(b, a)) {
		pairing_heap_node_t *swapped = a;
		a = b;
		b = swapped;
	}
	b->prev = a;
	b->next = a->child;
	if (b->next)
		b->next->prev = b;
	a->child = b;
	return a;
}

/*
 * The list of siblings @p first as one heap: merged in pairs from the left, then those from the right; NULL of
 * an empty one.
 */
static AX_ALWAYS_INLINE pairing_heap_node_t *pairing_heap_merge_siblings_(pairing_heap_node_t *first,
									  pairing_heap_less_t *less)
{
	pairing_heap_node_t *pairs = NULL;
	while (first) {
		pairing_heap_node_t *pair = first, *second = first->next;
		first = second ? second->next : NULL;
		if (second)
			pair = pairing_heap_merge_(pair, second, less);
		pair->next = pairs;
		pairs = pair;
	}
	pairing_heap_node_t *root = pairs;
	if (!root)
		return NULL;
	for (pairs = root->next; pairs;) {
		pairing_heap_node_t *pair = pairs;
		pairs = pair->next;
		root = pairing_heap_merge_(root, pair, less);
	}
	root->next = root->prev = NULL;
	return root;
}

/** Insert @p node, in no heap. */
static AX_ALWAYS_INLINE void pairing_heap_insert(pairing_heap_t *self, pairing_heap_node_t *node,
						 pairing_heap_less_t *less)
{
	node->child = NULL;
	if (self->root)
		node = pairing_heap_merge_(self->root, node, less);
	node->next = node->prev = NULL;
	self->root = node;
}

/** Take @p node out of @p self, which it is in. */
static AX_ALWAYS_INLINE void pairing_heap_remove(pairing_heap_t *self, pairing_heap_node_t *node,
						 pairing_heap_less_t *less)
{
	pairing_heap_node_t *below = pairing_heap_merge_siblings_(node->child, less);
	if (node == self->root) {
		self->root = below;
	} else {
		if (node->prev->child == node)
			node->prev->child = node->next;
		else
			node->prev->next = node->next;
		if (node->next)
			node->next->prev = node->prev;
		if (below) {
			self->root = pairing_heap_merge_(self->root, below, less);
			self->root->next = self->root->prev = NULL;
		}
	}
	pairing_heap_node_init(node);
}

/** The node after @p node on a walk over all of them, in no order but the least first; NULL after the last. */
static inline pairing_heap_node_t *pairing_heap_next(const pairing_heap_node_t *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next) {
		while (node->prev && node->prev->child != node)
			node = node->prev;
		node = node->prev; /* the parent */
	}
	return node ? node->next : NULL;
}

/** Take out the least node and return it; NULL of an empty heap. */
static AX_ALWAYS_INLINE pairing_heap_node_t *pairing_heap_pop(pairing_heap_t *self, pairing_heap_less_t *less)
{
	pairing_heap_node_t *first = self->root;
	if (first)
		pairing_heap_remove(self, first, less);
	return first;
}
