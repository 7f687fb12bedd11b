/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The locks that operations on nodes are held by (axfs_vfs/vfs.h, "Who serializes"). A node's, or, in a file system
 * with VFS_SERIAL, the file system's; a mutex if the file system may sleep, else a spin lock, which on one CPU is its
 * guard against preemption, or nothing. In an image with one thread there are none.
 *
 * Order: doc/locks.md.
 */
#pragma once

#include "dispatch.h"

#include <axfs_vfs/vfs.h>

#if AXFS_FEATURE_MULTITASK
#include <axsync/mutex.h>
#include <spinlock/spinlock.h>

_Static_assert(sizeof(ax_mutex_t) <= sizeof(vfs_lock_t), "a node has room for a mutex");
_Static_assert(sizeof(spinlock_t) <= sizeof(vfs_lock_t), "a node has room for a spin lock");

static AX_ALWAYS_INLINE bool axfs_lock_sleeps(const vfs_node_t *node)
{
	return AXFS_SOME_SLEEP && (node->fs->flags & VFS_SLEEPS);
}

static AX_ALWAYS_INLINE vfs_lock_t *axfs_lock_of(vfs_node_t *node)
{
	return AXFS_SOME_SERIAL && (node->fs->flags & VFS_SERIAL) ? &node->fs->lock : &node->lock;
}

static AX_ALWAYS_INLINE void axfs_lock(vfs_node_t *node)
{
	vfs_lock_t *lock = axfs_lock_of(node);
	if (axfs_lock_sleeps(node))
		ax_mutex_lock((void *)lock);
	else
		spin_lock((void *)lock);
}

static AX_ALWAYS_INLINE void axfs_unlock(vfs_node_t *node)
{
	vfs_lock_t *lock = axfs_lock_of(node);
	if (axfs_lock_sleeps(node))
		ax_mutex_unlock((void *)lock);
	else
		spin_unlock((void *)lock);
}
#else

static AX_ALWAYS_INLINE vfs_lock_t *axfs_lock_of(vfs_node_t *node)
{
	return &node->lock;
}

static AX_ALWAYS_INLINE void axfs_lock([[maybe_unused]] vfs_node_t *node)
{
}

static AX_ALWAYS_INLINE void axfs_unlock([[maybe_unused]] vfs_node_t *node)
{
}
#endif

static AX_ALWAYS_INLINE vfs_node_t *axfs_lock_begin(vfs_node_t *node)
{
	axfs_lock(node);
	return node;
}

static AX_ALWAYS_INLINE void axfs_lock_end(vfs_node_t *const *node)
{
	axfs_unlock(*node);
}

/** Hold @p node's lock to the end of the block. */
#define AXFS_HOLD(node)                                                                                              \
	[[maybe_unused]] AX_CLEANUP(axfs_lock_end) vfs_node_t *const AX_CONCAT(hold_, __LINE__) = axfs_lock_begin(node)

/** Up to four nodes, NULL among them, that are held at the same time: each lock once, in the order given. */
typedef struct axfs_hold_set {
	vfs_node_t *nodes[4];
} axfs_hold_set_t;

static inline bool axfs_hold_is_repeated(const axfs_hold_set_t *set, size_t index)
{
	if (!set->nodes[index])
		return true;
	for (size_t i = 0; i < index; i++) {
		if (set->nodes[i] && axfs_lock_of(set->nodes[i]) == axfs_lock_of(set->nodes[index]))
			return true;
	}
	return false;
}

static inline void axfs_hold_all(axfs_hold_set_t *set)
{
	for (size_t i = 0; AXFS_FEATURE_MULTITASK && i < ARRAY_SIZE(set->nodes); i++) {
		if (!axfs_hold_is_repeated(set, i))
			axfs_lock(set->nodes[i]);
	}
}

static inline void axfs_let_go_all(axfs_hold_set_t *set)
{
	for (size_t i = ARRAY_SIZE(set->nodes); AXFS_FEATURE_MULTITASK && i-- > 0;) {
		if (!axfs_hold_is_repeated(set, i))
			axfs_unlock(set->nodes[i]);
	}
}
