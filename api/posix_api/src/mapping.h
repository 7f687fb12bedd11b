/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What mmap() and its kin know (memory.c), and what they ask of files: those of axfs (mapping.c), or none
 * (packed_mapping.c).
 */
#pragma once

#include "wait.h"

#include <base/base.h>
#include <posix_api/abi_io.h>

/** The file behind a shared mapping; each region that shows a part of it has a reference. */
typedef struct posix_backing posix_backing_t;

/** Pages that were allocated at once: they are freed at once. */
typedef struct posix_block {
	struct posix_block *next;
	char *start;
	size_t bytes, mapped_bytes; /* nothing mapped: kept for a while, so that who touches it is told */
} posix_block_t;

/** Pages in a row that are alike. */
typedef struct posix_region {
	struct posix_region *next; /* by address */
	posix_block_t *block;
	char *start;
	size_t bytes;
	unsigned users;            /* mmap() calls that share it */
	int protection;            /* AX_PROT_ */
	bool locked;
	bool writable;             /* may be made so */
	bool copies_file;          /* a private mapping: which file, nobody knows any more */
	posix_backing_t *backing;  /* NULL: the memory is the program's own */
	uint64_t offset;           /* in the file */
	size_t valid_bytes;        /* whole pages, of which the file has some of the first at least; what lies behind is SIGBUS */
} posix_region_t;

extern posix_lock_t posix_memory_lock; /* protects all of these; files are read and written with it held */
extern posix_region_t *posix_regions;

/** What mmap() is asked for. */
typedef struct posix_map_request {
	char *fixed;       /* NULL: anywhere */
	size_t bytes;      /* whole pages */
	int protection;
	bool shared;
	struct posix_file *file; /* NULL: anonymous */
	uint64_t offset;
} posix_map_request_t;

/** Whether this file can be mapped so. 0, or a negated errno. */
long posix_check_mapped_file(const posix_map_request_t *request, size_t length, int64_t offset);

/** Memory locked: the region, new and zeroed, gets the file's contents and, shared, the file. 0, or a negated errno. */
long posix_region_begin(posix_region_t *region, const posix_map_request_t *request);

/** Memory locked: a shared region shows more of its file than before, or in other memory: it is read. 0, or a negated errno. */
long posix_region_read(posix_region_t *region);

/** Memory locked: shows @p backing the part of the file that the request asks for? Both shared. */
bool posix_region_shows(const posix_region_t *region, const posix_map_request_t *request);

/** Memory locked: another region shows this file. */
void posix_backing_hold(posix_backing_t *backing);
void posix_backing_drop(posix_backing_t *backing);

/** Memory locked: what was written to this part of the region goes to the file. 0, or a negated errno. */
long posix_region_write_back(const posix_region_t *region, size_t at, size_t bytes);

/** Its file's contents are to be durable. 0, or a negated errno. */
long posix_backing_sync(posix_backing_t *backing);

/** Memory locked: the pages of a region get the rights that it says. */
void posix_region_set_access(const posix_region_t *region);

/** The program ends: shared mappings go to their files, all is closed and durable, and disks are unmounted. */
void posix_files_end(void);

/** What is wrong with touching @p address, as a signal and its si_code. */
void posix_memory_fault(const void *address, int *signal, int *code);

/** RLIMIT_MEMLOCK. */
extern struct ax_rlimit posix_lock_limit;
