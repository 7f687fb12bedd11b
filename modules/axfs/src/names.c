/* SPDX-License-Identifier: Apache-2.0 */
/* The table of names. */
#include "names.h"

#include <axfs/axfs.h>
#include "lock.h"
#include "paths.h"

#include <axconfig/axconfig.h>
#include <memstr/memstr.h>

enum { CHAINS = AX_CONFIG_FS_NAMES };
_Static_assert(CHAINS >= 16 && (CHAINS & (CHAINS - 1)) == 0, "fs_names is a power of two");

spinlock_t axfs_names_lock = SPINLOCK_INIT;
static axfs_name_t *s_chains[CHAINS];
static size_t s_count;       /* names in the table */
static size_t s_hand;        /* the chain that the clock hand is at */
static uint64_t s_last_id;

uint32_t axfs_name_hash(const axfs_name_t *parent, const char *text, size_t bytes)
{
	uint64_t hash = parent->id * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
	return (uint32_t)(hash ^ hash >> 32);
}

axfs_name_t *axfs_name_find(const axfs_name_t *parent, const char *text, size_t bytes, uint32_t hash)
{
	axfs_name_t *name = s_chains[hash % CHAINS];
	while (name && (name->hash != hash || name->parent != parent || name->bytes != bytes ||
			memcmp(name->text, text, bytes) != 0))
		name = name->chain;
	if (name)
		name->flags |= AXFS_NAME_RECENT;
	return name;
}

static void unchain(axfs_name_t *name)
{
	axfs_name_t **at = &s_chains[name->hash % CHAINS];
	while (*at != name)
		at = &(*at)->chain;
	*at = name->chain;
}

void axfs_name_hide(axfs_name_t *name)
{
	axfs_path_forget(name);
	if (!(name->flags & AXFS_NAME_FINDABLE))
		return;
	unchain(name);
	name->flags &= (uint8_t)~AXFS_NAME_FINDABLE;
	s_count--;
}

/* Turn the hand until an unused name is found that was not looked at since the last round; at most two rounds. */
static axfs_name_t *take_unused(void)
{
	for (size_t steps = 0; steps < 2 * CHAINS; steps++, s_hand = (s_hand + 1) % CHAINS) {
		for (axfs_name_t *name = s_chains[s_hand]; name; name = name->chain) {
			if (name->references)
				continue;
			if (!(name->flags & AXFS_NAME_RECENT)) {
				axfs_name_hide(name);
				return name;
			}
			name->flags &= (uint8_t)~AXFS_NAME_RECENT;
		}
	}
	return NULL;
}

void axfs_names_make_room(void)
{
	axfs_name_t *unused;
	{
		SPIN_GUARD(&axfs_names_lock);
		unused = s_count >= CHAINS ? take_unused() : NULL;
	}
	if (unlikely(unused))
		axfs_name_free(unused);
}

static void make_findable(axfs_name_t *name)
{
	SPIN_GUARD(&axfs_names_lock);
	name->id = ++s_last_id;
	if (name->parent)
		axfs_name_get(name->parent);
	if (!name->parent || (name->parent->node->fs->flags & VFS_NO_CACHE))
		return;
	name->flags = AXFS_NAME_FINDABLE | AXFS_NAME_RECENT;
	name->chain = s_chains[name->hash % CHAINS];
	s_chains[name->hash % CHAINS] = name;
	s_count++;
}

ax_err_t axfs_name_new(axfs_name_t *parent, const char *text, size_t bytes, uint32_t hash, vfs_node_t *node,
		       axfs_name_t **name)
{
	axfs_name_t *made = axfs_host.allocate(sizeof *made + bytes);
	if (!made)
		return AX_ERR_NO_MEMORY;
	*made = (axfs_name_t){
		.node = node, .references = 1, .parent = parent, .hash = hash, .bytes = (uint32_t)bytes, .text = made->inside,
	};
	memcpy(made->inside, text, bytes);
	make_findable(made);
	*name = made;
	return AX_OK;
}

void axfs_node_put(vfs_node_t *node)
{
	const vfs_ops_t *ops = AXFS_OPS(node);
	if (ops->store_attributes && (node->due || node->unsaved)) {
		AXFS_HOLD(node);
		vfs_node_stamp(node);
		if (node->links && ops->store_attributes(node, node->unsaved) == AX_OK)
			node->unsaved = 0; /* else the device is at fault; fsync() says so */
	}
	if (AXFS_SOME_SERIAL && (node->fs->flags & VFS_SERIAL)) {
		AXFS_HOLD(node->fs->root); /* one lock for all: the node may be gone when it is let go */
		vfs_node_put(node);
	} else {
		vfs_node_put(node);
	}
}

void axfs_name_free(axfs_name_t *name)
{
	while (name) {
		axfs_name_t *parent = name->parent;
		if (name->node)
			axfs_node_put(name->node);
		if (name->text != name->inside)
			axfs_host.free(name->text);
		axfs_host.free(name);
		name = NULL;
		if (parent) {
			SPIN_GUARD(&axfs_names_lock);
			if (--parent->references == 0 && !(parent->flags & AXFS_NAME_FINDABLE))
				name = parent;
		}
	}
}

vfs_node_t *axfs_name_turn(axfs_name_t *name, vfs_node_t *node)
{
	vfs_node_t *old = name->node;
	name->node = node;
	return old;
}

void axfs_name_move(axfs_name_t *name, axfs_name_t *parent, char *text, size_t bytes, axfs_name_t **old_parent,
		    char **old_text)
{
	axfs_path_forget(name);
	*old_parent = name->parent;
	*old_text = name->text == name->inside ? NULL : name->text;
	axfs_name_get(parent);
	name->parent = parent;
	name->text = text;
	name->bytes = (uint32_t)bytes;
	if (!(name->flags & AXFS_NAME_FINDABLE))
		return;
	unchain(name);
	name->hash = axfs_name_hash(parent, text, bytes);
	name->chain = s_chains[name->hash % CHAINS];
	s_chains[name->hash % CHAINS] = name;
}

/* An unused name of this file system, or in this directory, out of the table. */
static axfs_name_t *take_of(const vfs_t *fs, const axfs_name_t *parent)
{
	SPIN_GUARD(&axfs_names_lock);
	for (size_t i = 0; i < CHAINS; i++) {
		for (axfs_name_t *name = s_chains[i]; name; name = name->chain) {
			if (!name->references && (parent ? name->parent == parent : name->parent->node->fs == fs)) {
				axfs_name_hide(name);
				return name;
			}
		}
	}
	return NULL;
}

void axfs_names_forget(const vfs_t *fs)
{
	for (axfs_name_t *name; (name = take_of(fs, NULL));)
		axfs_name_free(name);
}

void axfs_names_forget_below(const axfs_name_t *parent)
{
	for (axfs_name_t *name; (name = take_of(NULL, parent));)
		axfs_name_free(name);
}

/* The first name with a node in chain @p index, behind @p before in it if that is not NULL; with a reference. */
static axfs_name_t *next_in_chain(size_t index, const axfs_name_t *before)
{
	SPIN_GUARD(&axfs_names_lock);
	axfs_name_t *name = s_chains[index];
	if (before) { /* it may have left the chain meanwhile: then the rest is left out */
		while (name && name != before)
			name = name->chain;
		name = name ? name->chain : NULL;
	}
	while (name && !name->node)
		name = name->chain;
	if (name)
		axfs_name_get(name);
	return name;
}

void axfs_names_each(void (*each)(axfs_name_t *name))
{
	for (size_t i = 0; i < CHAINS; i++) {
		axfs_name_t *name = next_in_chain(i, NULL);
		while (name) {
			each(name);
			axfs_name_t *next = next_in_chain(i, name);
			axfs_name_put(name);
			name = next;
		}
	}
}
