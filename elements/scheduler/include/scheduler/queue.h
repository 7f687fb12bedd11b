/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of the policies that keep threads in order of arrival: singly linked, as switching threads then
 * touches no thread but the two that switch. Removal from within is O(n); it happens only when a ready thread
 * is moved or ended.
 */
#pragma once

#include <base/base.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct sched_queue_node {
	struct sched_queue_node *next;
} sched_queue_node_t;

/* Empty: first is NULL and end is &first; else end is &last->next, which is NULL. */
typedef struct sched_queue {
	sched_queue_node_t *first;
	sched_queue_node_t **end;
} sched_queue_t;

static AX_ALWAYS_INLINE void sched_queue_init(sched_queue_t *queue)
{
	queue->first = NULL;
	queue->end = &queue->first;
}

static AX_ALWAYS_INLINE bool sched_queue_is_empty(const sched_queue_t *queue)
{
	return !queue->first;
}

static AX_ALWAYS_INLINE void sched_queue_push_back(sched_queue_t *queue, sched_queue_node_t *node)
{
	node->next = NULL;
	*queue->end = node;
	queue->end = &node->next;
}

static AX_ALWAYS_INLINE void sched_queue_push_front(sched_queue_t *queue, sched_queue_node_t *node)
{
	node->next = queue->first;
	if (!node->next)
		queue->end = &node->next;
	queue->first = node;
}

static AX_ALWAYS_INLINE sched_queue_node_t *sched_queue_pop_front(sched_queue_t *queue)
{
	sched_queue_node_t *node = queue->first;
	if (node) {
		queue->first = node->next;
		if (!node->next)
			queue->end = &queue->first;
	}
	return node;
}

/* @p node is in @p queue. */
static inline void sched_queue_remove(sched_queue_t *queue, sched_queue_node_t *node)
{
	sched_queue_node_t **link = &queue->first;
	while (*link != node)
		link = &(*link)->next;
	*link = node->next;
	if (!node->next)
		queue->end = link;
}
