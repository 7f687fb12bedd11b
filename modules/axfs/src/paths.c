/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of paths: what is not on the way of a hit. */
#include "paths.h"

axfs_path_slot_t axfs_path_slots[AXFS_PATH_SLOTS];
uint32_t axfs_path_generation = 1;

void axfs_path_remember(const axfs_path_key_t *key, axfs_name_t *name)
{
	axfs_path_slot_t *slot = &axfs_path_slots[key->hash % AXFS_PATH_SLOTS];
	if (!key->count || key->generation != axfs_path_generation || !(name->flags & (AXFS_NAME_FINDABLE | AXFS_NAME_ROOT)))
		return;
	axfs_path_forget(name);
	if (slot->name)
		axfs_path_forget(slot->name);
	*slot = (axfs_path_slot_t){
		.name = name, .hash = key->hash, .base = key->base, .count = key->count, .generation = key->generation,
	};
	for (uint32_t i = 0; i < key->count; i++)
		slot->words[i] = key->words[i];
	name->slot = (uint16_t)(slot - axfs_path_slots + 1);
}
