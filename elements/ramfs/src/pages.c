/* SPDX-License-Identifier: Apache-2.0 */
/* The table, or tree of tables, of a file's pages. */
#include "node.h"

#include <memstr/memstr.h>

enum { TABLE_BITS = 9, FIRST_SLOTS = 4 };

_Static_assert(RAMFS_TABLE_SLOTS == 1 << TABLE_BITS && RAMFS_TABLE_SLOTS * sizeof(void *) == VFS_PAGE_BYTES,
	       "a full table is a page");

/* Entries below one slot of a table at this height, as a power of two. */
static unsigned shift_of(unsigned height)
{
	return (height - 1) * TABLE_BITS;
}

static void **child_of(void *const *slot)
{
	return *slot;
}

void *ramfs_pages_find_deep(const ramfs_pages_t *self, uint64_t index)
{
	if (index >> shift_of(self->height) >= RAMFS_TABLE_SLOTS)
		return NULL;
	void **table = self->table;
	for (unsigned height = self->height; height > 1 && table; height--)
		table = child_of(&table[index >> shift_of(height) & (RAMFS_TABLE_SLOTS - 1)]);
	return table ? table[index & (RAMFS_TABLE_SLOTS - 1)] : NULL;
}

static void **new_table(const vfs_host_t *host, size_t slots)
{
	void **table = slots == RAMFS_TABLE_SLOTS ? host->allocate_page() : host->allocate(slots * sizeof *table);
	if (table)
		memset(table, 0, slots * sizeof *table);
	return table;
}

static void free_table(const vfs_host_t *host, void **table, size_t slots)
{
	if (slots == RAMFS_TABLE_SLOTS)
		host->free_page(table);
	else
		host->free(table);
}

/* A larger table of pages. */
static bool widen(ramfs_pages_t *self, const vfs_host_t *host, uint64_t index)
{
	size_t slots = FIRST_SLOTS;
	while (slots < RAMFS_TABLE_SLOTS && slots <= index)
		slots = AX_MIN(slots * 4, (size_t)RAMFS_TABLE_SLOTS);
	void **table = new_table(host, slots);
	if (!table)
		return false;
	if (self->table) {
		memcpy(table, self->table, self->direct * sizeof *table);
		free_table(host, self->table, self->direct);
	}
	self->table = table;
	self->direct = (uint32_t)slots;
	self->height = 1;
	return true;
}

/* One more level: what there was becomes the first slot. A table of pages has its full size before. */
static bool heighten(ramfs_pages_t *self, const vfs_host_t *host)
{
	if (self->height < 2 && self->direct < RAMFS_TABLE_SLOTS && !widen(self, host, RAMFS_TABLE_SLOTS - 1))
		return false;
	void **root = new_table(host, RAMFS_TABLE_SLOTS);
	if (!root)
		return false;
	root[0] = self->table;
	self->table = root;
	self->direct = 0;
	self->height++;
	return true;
}

/* The place of page @p index, tables made; NULL: no memory. What was made stays, and is freed with the file. */
static void **slot_of(ramfs_pages_t *self, const vfs_host_t *host, uint64_t index)
{
	if (self->height < 2 && index < RAMFS_TABLE_SLOTS) {
		if (index >= self->direct && !widen(self, host, index))
			return NULL;
		return &self->table[index];
	}
	while (self->height < 2 || index >> shift_of(self->height) >= RAMFS_TABLE_SLOTS) {
		if (!heighten(self, host))
			return NULL;
	}
	void **table = self->table;
	for (unsigned height = self->height; height > 1; height--) {
		void **slot = &table[index >> shift_of(height) & (RAMFS_TABLE_SLOTS - 1)];
		if (!*slot)
			*slot = new_table(host, RAMFS_TABLE_SLOTS);
		if (!*slot)
			return NULL;
		table = *slot;
	}
	return &table[index & (RAMFS_TABLE_SLOTS - 1)];
}

static void *take_page(ramfs_t *owner)
{
	{
		SPIN_GUARD(&owner->lock);
		if (owner->max_pages && owner->used_pages >= owner->max_pages)
			return NULL;
		owner->used_pages++;
	}
	void *page = owner->fs.host->allocate_page();
	if (!page) {
		SPIN_GUARD(&owner->lock);
		owner->used_pages--;
	}
	return page;
}

static void give_pages(ramfs_t *owner, uint64_t count)
{
	SPIN_GUARD(&owner->lock);
	owner->used_pages -= count;
}

/* A new page at the end of the run from the file's start prolongs it, if it lies right behind. */
static void prolong(ramfs_pages_t *self, uint64_t index, char *page)
{
	if (index != self->run_bytes / VFS_PAGE_BYTES || (index && page != self->base + self->run_bytes))
		return;
	if (index == 0)
		self->base = page;
	self->run_bytes += VFS_PAGE_BYTES;
}

void *ramfs_pages_make(ramfs_pages_t *self, ramfs_t *owner, uint64_t index, bool *is_new)
{
	void **slot = slot_of(self, owner->fs.host, index);
	*is_new = false;
	if (!slot || *slot)
		return slot ? *slot : NULL;
	*slot = take_page(owner);
	if (!*slot)
		return NULL;
	*is_new = true;
	self->count++;
	prolong(self, index, *slot);
	return *slot;
}

/* Free the pages of a table of @p height from number @p first (in it) on; returns how many. */
static uint64_t cut(void **table, size_t slots, unsigned height, uint64_t first, const vfs_host_t *host)
{
	const unsigned shift = shift_of(height);
	uint64_t freed = 0;
	for (size_t i = (size_t)AX_MIN(first >> shift, (uint64_t)slots); i < slots; i++) {
		const uint64_t start = (uint64_t)i << shift;
		if (table[i] && height > 1) {
			freed += cut(child_of(&table[i]), RAMFS_TABLE_SLOTS, height - 1, first > start ? first - start : 0, host);
		} else if (table[i]) {
			host->free_page(table[i]);
			table[i] = NULL;
			freed++;
		}
	}
	return freed;
}

static size_t root_slots(const ramfs_pages_t *self)
{
	return self->direct ? self->direct : RAMFS_TABLE_SLOTS;
}

void ramfs_pages_cut(ramfs_pages_t *self, ramfs_t *owner, uint64_t first)
{
	if (!self->count)
		return;
	self->run_bytes = AX_MIN(self->run_bytes / VFS_PAGE_BYTES, first) * VFS_PAGE_BYTES;
	const uint64_t freed = cut(self->table, root_slots(self), self->height, first, owner->fs.host);
	self->count -= freed;
	give_pages(owner, freed);
}

/* How many pages from @p index on are, like it, surely holes: all that a missing table would hold. */
static uint64_t hole_length(const ramfs_pages_t *self, uint64_t index)
{
	if (self->height < 2)
		return index < self->direct ? 1 : UINT64_MAX - index;
	if (index >> shift_of(self->height) >= RAMFS_TABLE_SLOTS)
		return UINT64_MAX - index;
	void **table = self->table;
	for (unsigned height = self->height; height > 1; height--) {
		const unsigned shift = shift_of(height);
		table = child_of(&table[index >> shift & (RAMFS_TABLE_SLOTS - 1)]);
		if (!table)
			return (UINT64_C(1) << shift) - (index & ((UINT64_C(1) << shift) - 1));
	}
	return 1;
}

uint64_t ramfs_pages_next(const ramfs_pages_t *self, uint64_t index, uint64_t end, bool hole)
{
	while (index < end) {
		const bool there = ramfs_pages_find(self, index);
		if (there != hole)
			return index;
		index += there ? 1 : AX_MIN(hole_length(self, index), end - index);
	}
	return end;
}

static void free_tables(void **table, size_t slots, unsigned height, const vfs_host_t *host)
{
	for (size_t i = 0; height > 1 && i < slots; i++) {
		if (table[i])
			free_tables(child_of(&table[i]), RAMFS_TABLE_SLOTS, height - 1, host);
	}
	free_table(host, table, slots);
}

void ramfs_pages_free(ramfs_pages_t *self, ramfs_t *owner)
{
	if (!self->table)
		return;
	ramfs_pages_cut(self, owner, 0);
	free_tables(self->table, root_slots(self), self->height, owner->fs.host);
	*self = (ramfs_pages_t){};
}
