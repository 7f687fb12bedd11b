/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file's pages, by number. Up to 512 pages: one table of 4, 16, 64, 256 or 512 entries. Beyond: a tree of tables of
 * 512, with as many levels as the greatest number needs. NULL is a hole. The node is held.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/vfs.h>

struct ramfs;

typedef struct ramfs_pages {
	void **table;
	uint32_t direct;   /* entries of the table if it holds pages, else 0 */
	uint32_t height;   /* levels: 1 for a table of pages; 0 at first */
	uint64_t count;    /* pages that are there */
	char *base;        /* of the first page; those behind it that follow in memory as well, and it, are run_bytes long */
	uint64_t run_bytes;
} ramfs_pages_t;

enum { RAMFS_TABLE_SLOTS = 512 };

void *ramfs_pages_find_deep(const ramfs_pages_t *self, uint64_t index);

/** The page @p index, or NULL: a hole. */
static AX_ALWAYS_INLINE void *ramfs_pages_find(const ramfs_pages_t *self, uint64_t index)
{
	if (likely(index < self->direct))
		return self->table[index];
	return self->height < 2 ? NULL : ramfs_pages_find_deep(self, index);
}

/** The page @p index, made if it is a hole: *is_new, its contents then are the caller's to fill. NULL: no space. */
void *ramfs_pages_make(ramfs_pages_t *self, struct ramfs *owner, uint64_t index, bool *is_new);

/** Free the pages from @p first on; tables stay until ramfs_pages_free(). */
void ramfs_pages_cut(ramfs_pages_t *self, struct ramfs *owner, uint64_t first);

/** The first page at or behind @p index that is there (or, @p hole, is not), below @p end; @p end if none. */
uint64_t ramfs_pages_next(const ramfs_pages_t *self, uint64_t index, uint64_t end, bool hole);

/** Free everything. */
void ramfs_pages_free(ramfs_pages_t *self, struct ramfs *owner);
