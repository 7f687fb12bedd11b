/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: what is known of the tree. An axfs_name_t is a name in a directory together with the node that it leads to, or
 * with none: known not to be there. Names that may be found again are in a hash table; one that is not (removed, or
 * of a file system whose names come and go) lives as long as it has references. Each holds a reference to its
 * directory's name and to its node. Of unused names as many are kept as `fs_names` of axconfig says; the table's
 * clock hand (Corbato, 1968) finds those that were not looked at for a round.
 *
 * What a name is (parent, text, node, being in the table) changes with the directory held and axfs_names_lock taken,
 * so either is enough to look. Nothing sleeps under axfs_names_lock.
 */
#pragma once

#include <axfs/file.h>
#include <spinlock/spinlock.h>

typedef struct axfs_mount axfs_mount_t;

/* Of a name. */
enum {
	AXFS_NAME_FINDABLE = 1, /* in the table */
	AXFS_NAME_RECENT = 2,   /* looked at since the clock hand passed */
	AXFS_NAME_ROOT = 4,     /* of a mounted file system */
	AXFS_NAME_COVERED = 8,  /* a file system is mounted here */
};

typedef struct axfs_name {
	vfs_node_t *node;         /* NULL: there is none */
	uint32_t references;      /* of open files, names below, mounts, walks, the current directory */
	uint8_t flags;
	uint16_t slot;            /* of the path cache: the slot that leads here, plus 1; 0: none */
	struct axfs_name *parent; /* NULL for a root */
	struct axfs_name *chain;
	axfs_mount_t *mount;      /* of a root: what it is the root of; of a covered one: what is mounted here */
	uint64_t id;              /* given once: tells it from all others that ever were */
	uint32_t hash;
	uint32_t bytes;
	char *text;               /* inside, or of an own block after a rename */
	char inside[];
} axfs_name_t;

/** Protects the table of names, all names, the cache of paths, the current directory; see doc/locks.md. */
extern spinlock_t axfs_names_lock;

/** What the table files a name under. */
uint32_t axfs_name_hash(const axfs_name_t *parent, const char *text, size_t bytes);

/** The name in the table, or NULL; no reference. Lock held. */
axfs_name_t *axfs_name_find(const axfs_name_t *parent, const char *text, size_t bytes, uint32_t hash);

/**
 * If the table is full, free an unused name. Before axfs_name_new(), with nothing held: a file system may be called.
 */
void axfs_names_make_room(void);

/**
 * A new name, with one reference of the caller's, taking over that to @p node (NULL: none there). It becomes findable
 * unless its file system says VFS_NO_CACHE. @p parent is NULL for a root. Directory held.
 * @retval AX_ERR_NO_MEMORY  the reference to @p node is still the caller's
 */
ax_err_t axfs_name_new(axfs_name_t *parent, const char *text, size_t bytes, uint32_t hash, vfs_node_t *node,
		       axfs_name_t **name);

/** One more reference. Lock held, or the caller has one. */
static AX_ALWAYS_INLINE void axfs_name_get(axfs_name_t *name)
{
	name->references++;
}

/** Free @p name, which nobody can reach, and what hangs on it alone. */
void axfs_name_free(axfs_name_t *name);

/** Give a reference back. No lock held: it may have a file system free a file. */
static AX_ALWAYS_INLINE void axfs_name_put(axfs_name_t *name)
{
	bool last;
	{
		SPIN_GUARD(&axfs_names_lock);
		last = --name->references == 0 && !(name->flags & AXFS_NAME_FINDABLE);
	}
	if (unlikely(last))
		axfs_name_free(name);
}

/** It cannot be found any more. Lock held. */
void axfs_name_hide(axfs_name_t *name);

/** The name leads to @p node (with a reference) from now on; returns the node that it led to. Lock held. */
vfs_node_t *axfs_name_turn(axfs_name_t *name, vfs_node_t *node);

/**
 * It becomes @p text, in a block of the host's that it takes over, below @p parent. Lock held; both directories held.
 */
void axfs_name_move(axfs_name_t *name, axfs_name_t *parent, char *text, size_t bytes, axfs_name_t **old_parent,
		    char **old_text);

/** Forget all unused names of @p fs. */
void axfs_names_forget(const vfs_t *fs);

/** Forget all unused names in the directory @p parent. */
void axfs_names_forget_below(const axfs_name_t *parent);

/**
 * Call @p each for every name in the table that leads to a node, with a reference that it need not give back. No lock
 * held.
 */
void axfs_names_each(void (*each)(axfs_name_t *name));

/**
 * Give a reference to a node back: what is due and unsaved is stored before, where it is the last one. No lock held.
 */
void axfs_node_put(vfs_node_t *node);
