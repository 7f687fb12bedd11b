/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All or nothing by two passes: the first makes every table that is needed, which changes no mapping and is all
 * that can fail; the second writes the leaves. Tables are published after they are filled, entries by single stores.
 */
#include <base/base.h>
#include <page_table/page_table.h>

static pte_t *table_at(const page_table_t *self, paddr_t frame)
{
	return self->ops->to_virt(self->context, frame);
}

static void store(pte_t *entry, pte_t value)
{
	__atomic_store_n(entry, value, __ATOMIC_RELEASE);
}

static size_t offset_in(vaddr_t vaddr, unsigned level)
{
	return vaddr & (pte_level_bytes(level) - 1);
}

/* The entry that decides about @p vaddr, at @p level: a leaf, an empty one, or whatever is at level @p floor. */
static pte_t *find(const page_table_t *self, vaddr_t vaddr, unsigned floor, unsigned *level)
{
	pte_t *table = table_at(self, self->root);
	for (unsigned l = PTE_LEVELS - 1;; l--) {
		pte_t *entry = &table[pte_index(vaddr, l)];
		if (l == floor || !pte_is_table(*entry, l)) {
			*level = l;
			return entry;
		}
		table = table_at(self, pte_paddr(*entry, l));
	}
}

/* A new table whose entry I is first + I * step, put in place of @p entry. */
static ax_err_t put_table(page_table_t *self, pte_t *entry, pte_t first, pte_t step)
{
	paddr_t frame = self->ops->alloc_frame(self->context);
	if (!frame)
		return AX_ERR_NO_MEMORY;
	volatile pte_t *table = table_at(self, frame);
	for (size_t i = 0; i < PTE_ENTRIES; i++)
		table[i] = first + i * step;
	store(entry, pte_table(frame));
	return AX_OK;
}

static bool range_is_valid(vaddr_t vaddr, size_t bytes)
{
	vaddr_t last = vaddr + bytes - 1;
	return bytes && is_aligned(vaddr | bytes, PAGE_SIZE) && last >= vaddr && pte_vaddr_is_valid(vaddr) &&
	       pte_vaddr_is_valid(last) && (intptr_t)(vaddr ^ last) >= 0;
}

ax_err_t page_table_init(page_table_t *self, const page_table_ops_t *ops, void *context)
{
	pte_t root = 0;
	page_table_adopt(self, ops, context, 0);
	ax_err_t error = put_table(self, &root, 0, 0);
	if (error == AX_OK)
		self->root = pte_paddr(root, PTE_LEVELS - 1);
	return error;
}

void page_table_adopt(page_table_t *self, const page_table_ops_t *ops, void *context, paddr_t root)
{
	*self = (page_table_t){ .root = root, .ops = ops, .context = context };
}

/* Frees the tables below @p table that map nothing, or all; true: @p table itself maps nothing now. */
static bool release_below(page_table_t *self, pte_t *table, unsigned level, bool all)
{
	bool empty = true;
	for (size_t i = 0; i < PTE_ENTRIES; i++) {
		if (pte_is_table(table[i], level)) {
			paddr_t frame = pte_paddr(table[i], level);
			if (release_below(self, table_at(self, frame), level - 1, all)) {
				store(&table[i], 0);
				self->ops->free_frame(self->context, frame);
			}
		}
		empty = empty && !table[i];
	}
	return empty || all;
}

void page_table_trim(page_table_t *self)
{
	release_below(self, table_at(self, self->root), PTE_LEVELS - 1, false);
}

void page_table_destroy(page_table_t *self)
{
	release_below(self, table_at(self, self->root), PTE_LEVELS - 1, true);
	self->ops->free_frame(self->context, self->root);
	self->root = 0;
}

/* The empty entry for the largest page that maps the start of the range, the tables above it made as needed. */
static ax_err_t place(page_table_t *self, vaddr_t vaddr, paddr_t paddr, size_t bytes, pte_t **entry, unsigned *level)
{
	unsigned fits = AX_MIN(self->ops->largest_leaf_level, (unsigned)PTE_LARGEST_LEAF_LEVEL);
	while (fits && (bytes < pte_level_bytes(fits) || offset_in(vaddr | paddr, fits)))
		fits--;
	for (;;) {
		*entry = find(self, vaddr, fits, level);
		if (pte_is_table(**entry, *level)) {
			fits--; /* smaller pages are or were mapped here */
			continue;
		}
		if (**entry)
			return AX_ERR_ALREADY_EXISTS;
		if (*level == fits)
			return AX_OK;
		ax_err_t error = put_table(self, *entry, 0, 0);
		if (error != AX_OK)
			return error;
	}
}

ax_err_t page_table_map(page_table_t *self, vaddr_t vaddr, paddr_t paddr, size_t bytes, page_flags_t flags)
{
	if (!range_is_valid(vaddr, bytes) || !is_aligned(paddr, PAGE_SIZE))
		return AX_ERR_INVALID_INPUT;
	pte_t *entry;
	unsigned level;
	for (bool write = false;; write = true) {
		for (size_t done = 0; done < bytes; done += pte_level_bytes(level)) {
			ax_err_t error = place(self, vaddr + done, paddr + done, bytes - done, &entry, &level);
			if (error != AX_OK)
				return error;
			if (write || pte_level_bytes(level) == bytes) {
				store(entry, pte_leaf(paddr + done, flags, level));
				write = true;
			}
		}
		if (write)
			return AX_OK;
	}
}

/* Make a page begin at @p vaddr, if it lies in a large one. */
static ax_err_t split_at(page_table_t *self, vaddr_t vaddr)
{
	for (;;) {
		unsigned level;
		pte_t *entry = find(self, vaddr, 0, &level);
		if (!*entry || !offset_in(vaddr, level))
			return AX_OK;
		pte_t first = pte_leaf(pte_paddr(*entry, level), pte_flags(*entry), level - 1);
		ax_err_t error = put_table(self, entry, first, pte_step(pte_level_bytes(level - 1)));
		if (error != AX_OK)
			return error;
	}
}

/* Both ends of the range on page boundaries; the end may be the first address behind what hardware translates. */
static ax_err_t split_ends(page_table_t *self, vaddr_t vaddr, size_t bytes)
{
	if (!range_is_valid(vaddr, bytes))
		return AX_ERR_INVALID_INPUT;
	ax_err_t error = split_at(self, vaddr);
	return error == AX_OK ? split_at(self, vaddr + bytes) : error;
}

static void change(page_table_t *self, vaddr_t vaddr, size_t bytes, bool keep, page_flags_t flags)
{
	while (bytes) {
		unsigned level;
		pte_t *entry = find(self, vaddr, 0, &level);
		size_t step = AX_MIN(pte_level_bytes(level) - offset_in(vaddr, level), bytes);
		if (*entry)
			store(entry, keep ? pte_leaf(pte_paddr(*entry, level), flags, level) : 0);
		vaddr += step;
		bytes -= step;
	}
}

ax_err_t page_table_unmap(page_table_t *self, vaddr_t vaddr, size_t bytes)
{
	ax_err_t error = split_ends(self, vaddr, bytes);
	if (error == AX_OK)
		change(self, vaddr, bytes, false, PAGE_NONE);
	return error;
}

ax_err_t page_table_protect(page_table_t *self, vaddr_t vaddr, size_t bytes, page_flags_t flags)
{
	ax_err_t error = split_ends(self, vaddr, bytes);
	if (error == AX_OK)
		change(self, vaddr, bytes, true, flags);
	return error;
}

ax_err_t page_table_query(const page_table_t *self, vaddr_t vaddr, paddr_t *paddr, page_flags_t *flags,
			  size_t *page_bytes)
{
	if (!pte_vaddr_is_valid(vaddr))
		return AX_ERR_NOT_FOUND;
	unsigned level;
	pte_t entry = *find(self, vaddr, 0, &level);
	if (!entry)
		return AX_ERR_NOT_FOUND;
	if (paddr)
		*paddr = pte_paddr(entry, level) + offset_in(vaddr, level);
	if (flags)
		*flags = pte_flags(entry);
	if (page_bytes)
		*page_bytes = pte_level_bytes(level);
	return AX_OK;
}
