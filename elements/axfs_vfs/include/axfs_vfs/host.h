/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file system needs of the OS that it is used in: memory and the time. Static, handed over at mount. All are
 * called in the context of the operation that needs them; none may sleep for a file system that does not.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct vfs_host {
	/** @p bytes, 16-byte aligned, not zeroed; NULL when memory is out. */
	void *(*allocate)(size_t bytes);
	/** Gives back what allocate() returned; NULL does nothing. */
	void (*free)(void *block);
	/** A page of 4,096 bytes, aligned to its size, not zeroed; NULL when memory is out. */
	void *(*allocate_page)(void);
	/** Gives back what allocate_page() returned. */
	void (*free_page)(void *page);
	/** Nanoseconds since 1970-01-01 UTC. */
	int64_t (*now_ns)(void);
	/** What a file system on a device may keep of its contents in memory. NULL: as little as it gets along with. */
	size_t (*cache_bytes)(void);
} vfs_host_t;
