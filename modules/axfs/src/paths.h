/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache of paths: from the text of a path, and the directory at which it begins, to the name that it ends at, in
 * one look. A name has at most one path here, and forgets it when it moves or goes. What changes the way of other
 * paths (a directory or symbolic link removed or renamed, a mount) empties the cache at once, by its generation. Kept
 * are paths of up to AXFS_PATH_WORDS * 8 - 1 bytes that end in a name of their own, without a symbolic link there or
 * a slash behind it, for user 0, who may search every directory.
 */
#pragma once

#include "names.h"

#include <axconfig/axconfig.h>

enum {
	AXFS_PATH_WORDS = 8,
	AXFS_PATH_SLOTS = AX_CONFIG_FS_PATHS,
};
_Static_assert(AXFS_PATH_SLOTS >= 1 && AXFS_PATH_SLOTS < UINT16_MAX && (AXFS_PATH_SLOTS & (AXFS_PATH_SLOTS - 1)) == 0,
	       "fs_paths is a power of two");

/** A path as the cache sees it. */
typedef struct axfs_path_key {
	uint64_t base;    /* id of the name at which it begins */
	uint64_t hash;
	uint32_t count;   /* words; 0: too long for the cache */
	uint32_t generation;
	uint64_t words[AXFS_PATH_WORDS]; /* the text, filled up with zeroes */
} axfs_path_key_t;

typedef struct axfs_path_slot {
	axfs_name_t *name; /* NULL: empty */
	uint64_t hash;
	uint64_t base;
	uint32_t count;
	uint32_t generation;
	uint64_t words[AXFS_PATH_WORDS];
} axfs_path_slot_t;

extern axfs_path_slot_t axfs_path_slots[AXFS_PATH_SLOTS]; /* axfs_names_lock */
extern uint32_t axfs_path_generation;                     /* axfs_names_lock */

/*
 * Eight bytes of the path, of which those behind its end are as may be: they are read where that cannot leave the
 * page that the path is in.
 */
[[gnu::no_sanitize("address")]] static AX_ALWAYS_INLINE uint64_t axfs_path_load(const char *text)
{
	uint64_t word = 0;
	if (likely(((uintptr_t)text & 4095) <= 4096 - sizeof word))
		return *(const uint64_t __attribute__((may_alias, aligned(1))) *)text;
	for (unsigned i = 0; i < sizeof word; i++) {
		word |= (uint64_t)(unsigned char)text[i] << 8 * i;
		if (!text[i])
			break;
	}
	return word;
}

/** Make the key of @p path, which begins at the name with @p base. Words: little-endian, as all our machines are. */
[[gnu::no_sanitize("address")]] static AX_ALWAYS_INLINE void axfs_path_make_key(axfs_path_key_t *key, uint64_t base,
										  const char *path)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t hash = base;
	key->base = base;
	for (uint32_t i = 0; i < AXFS_PATH_WORDS; i++) {
		uint64_t word = axfs_path_load(path + 8 * i);
		const uint64_t zeroes = (word - ones) & ~word & highs; /* the lowest set bit is in the first zero byte */
		if (zeroes)
			word &= (zeroes & -zeroes) - 1;
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
		key->words[i] = word;
		if (zeroes) {
			key->hash = hash;
			key->count = i + 1;
			return;
		}
	}
	key->count = 0;
}

/** The name at the end of the path, or NULL; no reference. Lock held. */
static AX_ALWAYS_INLINE axfs_name_t *axfs_path_find(const axfs_path_key_t *key)
{
	const axfs_path_slot_t *slot = &axfs_path_slots[key->hash % AXFS_PATH_SLOTS];
	if (slot->hash != key->hash || slot->base != key->base || slot->count != key->count ||
	    slot->generation != axfs_path_generation)
		return NULL;
	for (uint32_t i = 0; i < key->count; i++) {
		if (slot->words[i] != key->words[i])
			return NULL;
	}
	return slot->name;
}

/** Remember the path, found while its generation was that of @p key. Lock held. */
void axfs_path_remember(const axfs_path_key_t *key, axfs_name_t *name);

/** Forget the path that leads to @p name. Lock held. */
static inline void axfs_path_forget(axfs_name_t *name)
{
	if (name->slot) {
		axfs_path_slots[name->slot - 1].name = NULL;
		axfs_path_slots[name->slot - 1].count = 0;
		name->slot = 0;
	}
}

/** Forget all paths. Lock held. */
static inline void axfs_path_forget_all(void)
{
	axfs_path_generation++;
}
