/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Page tables, over the geometry and entries of page_table_entry. Ranges are mapped by the largest pages that
 * fit; a change of a part of a large page splits it. Frames for tables come from callbacks, and every failure
 * leaves all mappings as they were.
 *
 * Flushing is the caller's: after unmap and protect every CPU that uses the table must drop its translations of
 * the range before the memory or its rights are relied upon; after map, where the architecture may hold "not
 * mapped" in its translations (x86_64 does not). A split changes no translation and needs no flush of its own.
 *
 * Unmap leaves emptied tables in place, since CPUs may still walk them: page_table_trim() frees them, after the
 * flush. Mapped memory itself is never freed here. No locks: the caller serializes; the hardware may walk at
 * any time, and sees each entry before or after its change. Any context in which the callbacks may be called.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>
#include <page_table_entry/page_table_entry.h>
#include <stddef.h>

#pragma GCC visibility push(default)

typedef struct page_table_ops {
	paddr_t (*alloc_frame)(void *context); /* PAGE_SIZE bytes, of any content; 0: none left */
	void (*free_frame)(void *context, paddr_t frame);
	void *(*to_virt)(void *context, paddr_t frame);
	unsigned largest_leaf_level; /* what this CPU allows: at most PTE_LARGEST_LEAF_LEVEL; 0: single pages only */
} page_table_ops_t;

typedef struct page_table {
	paddr_t root;
	const page_table_ops_t *ops;
	void *context;
} page_table_t;

/**
 * An empty table, its root allocated.
 * @param ops,context  must outlive @p self
 * @retval AX_ERR_NO_MEMORY  no frame for the root
 */
ax_err_t page_table_init(page_table_t *self, const page_table_ops_t *ops, void *context);

/**
 * A table that exists already, as the one of boot. Do not destroy or trim unless all its tables are the callbacks'.
 */
void page_table_adopt(page_table_t *self, const page_table_ops_t *ops, void *context, paddr_t root);

/** Frees every table, the root included. No CPU uses it any more. */
void page_table_destroy(page_table_t *self);

/** Frees the tables that map nothing. After a flush of what they mapped. */
void page_table_trim(page_table_t *self);

/** The root's address, for the CPU's register. */
static inline paddr_t page_table_root(const page_table_t *self)
{
	return self->root;
}

/**
 * Map @p bytes from @p vaddr to @p paddr.
 * @retval AX_ERR_INVALID_INPUT   not page-aligned, empty, or not translated by hardware
 * @retval AX_ERR_ALREADY_EXISTS  a page of the range is mapped
 * @retval AX_ERR_NO_MEMORY       no frame for a table
 */
ax_err_t page_table_map(page_table_t *self, vaddr_t vaddr, paddr_t paddr, size_t bytes, page_flags_t flags);

/**
 * Unmap what is mapped of the range.
 * @retval AX_ERR_INVALID_INPUT  as for map
 * @retval AX_ERR_NO_MEMORY      no frame to split a large page; nothing has been unmapped
 */
ax_err_t page_table_unmap(page_table_t *self, vaddr_t vaddr, size_t bytes);

/**
 * Give what is mapped of the range other flags; without access (PAGE_NONE) it stays mapped, and faults.
 * @retval AX_ERR_INVALID_INPUT  as for map
 * @retval AX_ERR_NO_MEMORY      no frame to split a large page; no flag has changed
 */
ax_err_t page_table_protect(page_table_t *self, vaddr_t vaddr, size_t bytes, page_flags_t flags);

/**
 * What @p vaddr, aligned or not, is mapped to. Each result pointer may be NULL.
 * @param paddr       address that corresponds to @p vaddr
 * @param page_bytes  size of the page that it is in
 * @retval AX_ERR_NOT_FOUND  not mapped
 */
ax_err_t page_table_query(const page_table_t *self, vaddr_t vaddr, paddr_t *paddr, page_flags_t *flags,
			  size_t *page_bytes);

#pragma GCC visibility pop
