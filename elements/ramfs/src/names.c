/* SPDX-License-Identifier: Apache-2.0 */
/* A directory's entries. */
#include "names.h"

#include <base/base.h>
#include <memstr/memstr.h>

enum { FIRST_CHAINS = 4, FIRST_ORDER = 8 };

/* FNV-1a (Fowler, Noll, Vo; RFC 9923). */
static uint32_t hash_of(const char *text, size_t bytes)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)text[i]) * 16777619u;
	return hash;
}

ramfs_name_t *ramfs_names_find(const ramfs_names_t *self, const char *text, size_t bytes)
{
	if (!self->count)
		return NULL;
	const uint32_t hash = hash_of(text, bytes);
	ramfs_name_t *name = self->chains[hash & (self->chain_count - 1)];
	while (name && (name->hash != hash || name->bytes != bytes || memcmp(name->text, text, bytes) != 0))
		name = name->chain;
	return name;
}

static void push(ramfs_name_t **chains, uint32_t chain_count, ramfs_name_t *name)
{
	ramfs_name_t **chain = &chains[name->hash & (chain_count - 1)];
	name->chain = *chain;
	*chain = name;
}

/* Twice the chains; without memory for it, chains just get longer. False: there are none at all. */
static bool grow_chains(ramfs_names_t *self, const vfs_host_t *host)
{
	const uint32_t count = self->chain_count ? self->chain_count * 2 : FIRST_CHAINS;
	ramfs_name_t **chains = host->allocate(count * sizeof(ramfs_name_t *));
	if (!chains)
		return self->chain_count;
	memset(chains, 0, count * sizeof(ramfs_name_t *));
	for (uint32_t i = 0; i < self->used; i++) {
		if (self->order[i].name)
			push(chains, count, self->order[i].name);
	}
	host->free(self->chains);
	self->chains = chains;
	self->chain_count = count;
	return true;
}

static void pack_order(ramfs_names_t *self)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < self->used; i++) {
		if (self->order[i].name)
			self->order[kept++] = self->order[i];
	}
	self->used = kept;
}

/* Room for one more in the order: packed if half of it is gaps, else doubled. */
static bool grow_order(ramfs_names_t *self, const vfs_host_t *host)
{
	if (self->used && self->count <= self->used / 2) {
		pack_order(self);
		return true;
	}
	const uint32_t capacity = self->capacity ? self->capacity * 2 : FIRST_ORDER;
	ramfs_order_t *order = host->allocate(capacity * sizeof *order);
	if (order) {
		if (self->used)
			memcpy(order, self->order, self->used * sizeof *order);
		host->free(self->order);
		self->order = order;
		self->capacity = capacity;
	} else {
		pack_order(self);
	}
	return self->used < self->capacity;
}

ax_err_t ramfs_names_add(ramfs_names_t *self, const vfs_host_t *host, const char *text, size_t bytes,
			 struct ramfs_node *node)
{
	if (self->used == self->capacity && !grow_order(self, host))
		return AX_ERR_NO_SPACE;
	if (self->count >= self->chain_count && !grow_chains(self, host))
		return AX_ERR_NO_SPACE;
	ramfs_name_t *name = host->allocate(sizeof *name + bytes);
	if (!name)
		return AX_ERR_NO_SPACE;
	name->node = node;
	name->cookie = ++self->last_cookie;
	name->hash = hash_of(text, bytes);
	name->bytes = (uint32_t)bytes;
	memcpy(name->text, text, bytes);
	push(self->chains, self->chain_count, name);
	self->order[self->used++] = (ramfs_order_t){ name->cookie, name };
	self->count++;
	return AX_OK;
}

/* Where the first cookie that is not below @p cookie stands in the order. */
static uint32_t position_of(const ramfs_names_t *self, uint64_t cookie)
{
	uint32_t low = 0, high = self->used;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (self->order[middle].cookie < cookie)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void ramfs_names_remove(ramfs_names_t *self, const vfs_host_t *host, ramfs_name_t *name)
{
	ramfs_name_t **at = &self->chains[name->hash & (self->chain_count - 1)];
	while (*at != name)
		at = &(*at)->chain;
	*at = name->chain;
	const uint32_t position = position_of(self, name->cookie);
	self->order[position].name = NULL;
	while (self->used && !self->order[self->used - 1].name)
		self->used--;
	self->count--;
	host->free(name);
}

ramfs_name_t *ramfs_names_after(const ramfs_names_t *self, uint64_t cookie)
{
	for (uint32_t i = position_of(self, cookie + 1); i < self->used; i++) {
		if (self->order[i].name)
			return self->order[i].name;
	}
	return NULL;
}

void ramfs_names_free(ramfs_names_t *self, const vfs_host_t *host)
{
	host->free(self->chains);
	host->free(self->order);
	*self = (ramfs_names_t){};
}
