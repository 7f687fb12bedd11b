/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cache of a block device, by the byte. What is written stays in memory until there is much of it, or until
 * block_cache_flush(), which returns when all of it is durable, or says that it is not.
 *
 * Order: block_cache_barrier() parts the writes before it from those after it: after a loss of power, if anything of the
 * latter is there, all of the former is. Between two barriers writes reach the device in any order.
 *
 * Errors: a page that the device did not take stays in memory and is tried again by every later flush, which fails as long as
 * one is left. So no error is lost by who happened to cause the write-back, and a flush that returns AX_OK has no
 * exception. When nothing can be written for good, memory fills up with what cannot, and then writers get the error.
 *
 * Memory: at most `max_pages`, and fewer if there is none. With no page at all it still works, each access being the
 * device's.
 *
 * Locks: all functions take the user's lock for their whole duration, the device's included. Threads only; may sleep.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define BLOCK_CACHE_PAGE_BYTES 4096u
#define BLOCK_CACHE_CHAINS     256u

/** What the cache needs of the OS. Static. */
typedef struct block_cache_host {
	void *(*allocate)(size_t bytes);   /* 16-byte aligned, not zeroed; NULL when out */
	void (*free)(void *block);
	void *(*allocate_page)(void);      /* 4,096 bytes aligned to their size; NULL when out */
	void (*free_page)(void *page);
	void (*lock)(void *context);       /* a lock under which one may sleep; NULL: one thread alone uses the cache */
	void (*unlock)(void *context);
	void *context;
} block_cache_host_t;

struct block_cache_page;

typedef struct block_cache_list {
	struct block_cache_page *first, *last;
} block_cache_list_t;

/** Opaque but for the counters. */
typedef struct block_cache {
	block_device_t *device;
	const block_cache_host_t *host;
	size_t max_pages, max_dirty;
	size_t pages, dirty;         /* now */
	uint64_t hits, misses;       /* pages looked for */
	uint64_t read_ahead;         /* pages read before they were asked for */
	uint64_t written;            /* pages written back */
	uint64_t epoch;              /* of writes from now on: barriers so far */
	uint64_t device_epoch;       /* of what was last written to the device */
	bool needs_flush;            /* something was written to it since its last flush */
	uint64_t expected;           /* the page after the last one read: where read-ahead goes on */
	unsigned window;             /* pages of read-ahead */
	block_cache_list_t recent;   /* all pages, the least recently used first */
	block_cache_list_t to_write; /* dirty pages, in the order of their epochs */
	struct block_cache_page *chains[BLOCK_CACHE_CHAINS];
} block_cache_t;

/**
 * An empty cache. @p device is nobody else's from now on.
 * @param max_pages  of memory; @p max_dirty of them may wait for their write-back, the rest of the writes pays for it
 */
void block_cache_init(block_cache_t *self, block_device_t *device, const block_cache_host_t *host, size_t max_pages,
		      size_t max_dirty);

/** Flush, and free all memory. @retval as block_cache_flush(): what could not be written is lost */
ax_err_t block_cache_end(block_cache_t *self);

/**
 * Copy bytes of the device. Long runs that are not in memory go from the device into @p buffer without a stop.
 * @retval AX_ERR_OUT_OF_RANGE  past the end of the device; nothing happened
 * @retval AX_ERR_IO, ...       as the device says; part of @p buffer may have been written
 */
ax_err_t block_cache_read(block_cache_t *self, uint64_t offset, void *buffer, size_t bytes);

/**
 * Change bytes of the device.
 * @retval AX_ERR_OUT_OF_RANGE, AX_ERR_READ_ONLY  nothing happened
 * @retval AX_ERR_IO, ...  the rest of a page could not be read, or there is no memory and older writes cannot be
 *                         written: a part may have been changed
 */
ax_err_t block_cache_write(block_cache_t *self, uint64_t offset, const void *buffer, size_t bytes);

/** No write after this reaches the device before every write until now is durable there. */
void block_cache_barrier(block_cache_t *self);

/**
 * Everything written until now is durable when this returns AX_OK.
 * @retval AX_ERR_IO, ...  as the device says: something is not; later flushes try it again
 */
ax_err_t block_cache_flush(block_cache_t *self);

#pragma GCC visibility pop
