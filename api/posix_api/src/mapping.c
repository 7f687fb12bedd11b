/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files in memory. There are no page faults to fill pages on: a mapping is memory into which the file is read at once. A
 * private one is then the program's. A shared one is written back by msync(), munmap() and the program's end, and before
 * anybody reads the file; who writes to the file has the memory read anew. Two shared mappings of one part of a file are one
 * memory, so programs that share by mapping do. What lies behind the file's end stays in memory, and reads as zeroes at first.
 */
#include "mapping.h"

#include "vfs.h"

#include <axfs/axfs.h>
#include <axalloc/axalloc.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

typedef struct mapping {
	struct mapping *next;
	char *memory;
	size_t bytes;      /* whole pages */
	ax_file_t file;    /* of a shared one, a copy; closed for a private one */
	uint64_t offset;
	unsigned users;    /* mmap() calls that share it */
	bool writable;     /* shared, of a file open for writing, with PROT_WRITE */
} mapping_t;

static posix_lock_t s_lock;  /* protects the list; files are read and written with it held */
static mapping_t *s_mappings;
unsigned posix_shared_mappings;

/* As much of the mapping from @p at on as lies inside the file, at most @p bytes. */
static size_t inside_file(const mapping_t *mapping, size_t at, size_t bytes)
{
	ax_stat_t stat;
	if (ax_file_stat(&mapping->file, &stat) != AX_OK || stat.size <= mapping->offset + at)
		return 0;
	return (size_t)AX_MIN((uint64_t)bytes, stat.size - mapping->offset - at);
}

static ax_err_t fill(mapping_t *mapping, const ax_file_t *file)
{
	size_t total = 0, done;
	ax_err_t error = AX_OK;
	do {
		error = ax_file_read_at(file, mapping->memory + total, mapping->bytes - total, mapping->offset + total, &done);
		total += done;
	} while (error == AX_OK && done && total < mapping->bytes);
	return error;
}

static ax_err_t write_back(const mapping_t *mapping, size_t at, size_t bytes)
{
	ax_err_t error = AX_OK;
	if (!mapping->writable)
		return AX_OK;
	const size_t end = at + inside_file(mapping, at, bytes);
	while (at < end && error == AX_OK) {
		size_t done;
		error = ax_file_write_at(&mapping->file, mapping->memory + at, end - at, mapping->offset + at, &done);
		at += done;
	}
	return error;
}

/* Lock held. */
static mapping_t *find_shared(const ax_file_t *file, uint64_t offset, size_t bytes)
{
	for (mapping_t *mapping = s_mappings; mapping; mapping = mapping->next)
		if (mapping->file.node == file->node && mapping->offset <= offset &&
		    offset + bytes <= mapping->offset + mapping->bytes)
			return mapping;
	return NULL;
}

/* Lock held. Parts of a file that overlap without one holding the other would be two memories. */
static bool overlaps_shared(const ax_file_t *file, uint64_t offset, size_t bytes)
{
	for (const mapping_t *mapping = s_mappings; mapping; mapping = mapping->next)
		if (mapping->file.node == file->node && mapping->offset < offset + bytes &&
		    offset < mapping->offset + mapping->bytes)
			return true;
	return false;
}

/* Lock held. */
static long map_new(const ax_file_t *file, size_t bytes, uint64_t offset, bool shared, bool writable)
{
	mapping_t *mapping = axalloc_alloc(sizeof *mapping, 0);
	char *memory = mapping ? axalloc_alloc(bytes, PAGE_SIZE) : NULL;
	if (!memory) {
		axalloc_free(mapping);
		return -AX_ERR_NO_MEMORY;
	}
	memset(memory, 0, bytes);
	*mapping = (mapping_t){
		.next = s_mappings, .memory = memory, .bytes = bytes, .offset = offset, .users = 1, .writable = writable,
	};
	const ax_err_t error = fill(mapping, file);
	if (error != AX_OK) {
		axalloc_free(memory);
		axalloc_free(mapping);
		return posix_result(error);
	}
	if (shared) {
		ax_file_copy(file, &mapping->file);
		posix_shared_mappings++;
	}
	s_mappings = mapping;
	return (long)(uintptr_t)memory;
}

static long map(const ax_file_t *file, size_t bytes, uint64_t offset, bool shared, bool writable)
{
	POSIX_LOCK(&s_lock);
	mapping_t *same = shared ? find_shared(file, offset, bytes) : NULL;
	if (!same && shared && overlaps_shared(file, offset, bytes))
		return ax_sys_missing(-4, "mmap of a part of a file that overlaps another shared mapping's");
	if (!same || (writable && !same->writable && (same->file.flags & AX_OPEN_WRITE) == 0))
		return same ? -AX_ERR_ACCESS_DENIED : map_new(file, bytes, offset, shared, writable);
	same->writable |= writable;
	same->users++;
	return (long)(uintptr_t)(same->memory + (offset - same->offset));
}

long posix_map_file(size_t length, int protection, int flags, int fd, int64_t offset)
{
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	const int kind = flags & AX_MAP_TYPE, access = file->flags & AX_O_ACCMODE;
	if ((kind != AX_MAP_SHARED && kind != AX_MAP_PRIVATE) || offset < 0 || offset % PAGE_SIZE)
		return -AX_ERR_INVALID_INPUT;
	if (!posix_is_vfs(file) || !vfs_is_regular(file->file.node))
		return -AX_ERR_NO_DEVICE;
	const bool writable = kind == AX_MAP_SHARED && (protection & AX_PROT_WRITE);
	if (access == AX_O_WRONLY || (writable && access != AX_O_RDWR))
		return -AX_ERR_ACCESS_DENIED;
	if ((uint64_t)offset > INT64_MAX - AX_MIN(length, (size_t)INT64_MAX))
		return -AX_ERR_OVERFLOW;
	if (length > SIZE_MAX / 4)
		return -AX_ERR_NO_MEMORY;
	return map(&file->file, align_up(length, PAGE_SIZE), (uint64_t)offset, kind == AX_MAP_SHARED, writable);
}

/* Lock held. The mapping that holds all of [address, address + length). */
static mapping_t **find(const char *address, size_t length)
{
	mapping_t **link = &s_mappings;
	while (*link && (address < (*link)->memory || (size_t)(address - (*link)->memory) + length > (*link)->bytes))
		link = &(*link)->next;
	return link;
}

long posix_unmap_file(void *address, size_t length)
{
	POSIX_LOCK(&s_lock);
	mapping_t **link = find(address, align_up(length, PAGE_SIZE)), *mapping = *link;
	if (!mapping)
		return -AX_ERR_INVALID_INPUT;
	const bool shared = mapping->file.node;
	if (!shared && (address != mapping->memory || align_up(length, PAGE_SIZE) != mapping->bytes))
		return -AX_ERR_INVALID_INPUT; /* a part of a mapping: not supported */
	if (--mapping->users)
		return 0;
	*link = mapping->next;
	ax_err_t error = AX_OK;
	if (shared) {
		error = write_back(mapping, 0, mapping->bytes);
		ax_file_close(&mapping->file);
		posix_shared_mappings--;
	}
	axalloc_free(mapping->memory);
	axalloc_free(mapping);
	return posix_result(error);
}

long posix_sync_mapping(void *address, size_t length, int flags)
{
	POSIX_LOCK(&s_lock);
	const mapping_t *mapping = *find(address, length);
	if (!mapping)
		return -AX_ERR_NO_MEMORY;
	ax_err_t error = write_back(mapping, (size_t)((char *)address - mapping->memory), length);
	if (error == AX_OK && mapping->writable && (flags & AX_MS_SYNC))
		error = ax_file_sync(&mapping->file, true);
	return posix_result(error);
}

void posix_mappings_before_read(const posix_file_t *file)
{
	POSIX_LOCK(&s_lock);
	for (const mapping_t *mapping = s_mappings; mapping; mapping = mapping->next)
		if (mapping->file.node && mapping->file.node == file->file.node)
			(void)(write_back(mapping, 0, mapping->bytes) == AX_OK); /* msync() is there to tell */
}

/* Only what was written may be read anew: the rest of the memory is newer than the file. */
void posix_mappings_after_write(const posix_file_t *file, uint64_t offset, size_t bytes)
{
	POSIX_LOCK(&s_lock);
	for (mapping_t *mapping = s_mappings; mapping; mapping = mapping->next) {
		if (!mapping->file.node || mapping->file.node != file->file.node)
			continue;
		const uint64_t first = AX_MAX(offset, mapping->offset);
		const uint64_t end = AX_MIN(offset + bytes, mapping->offset + mapping->bytes);
		size_t done;
		if (first < end)
			(void)(ax_file_read_at(&mapping->file, mapping->memory + (first - mapping->offset),
					       (size_t)(end - first), first, &done) == AX_OK);
	}
}

/* Nobody is left to tell of errors. */
static void end_mappings(void)
{
	POSIX_LOCK(&s_lock);
	for (mapping_t *mapping = s_mappings; mapping; mapping = mapping->next) {
		if (mapping->file.node)
			(void)(write_back(mapping, 0, mapping->bytes) == AX_OK);
		ax_file_close(&mapping->file);
	}
}

void posix_files_end(void)
{
	end_mappings();
	(void)ax_sys_close_range(0, ~0u, 0);
	(void)(axfs_end() == AX_OK);
}
