/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files in memory. A mapping is memory into which the file is read at once: no page is filled when it is touched. A
 * private one is then the program's. A shared one is written back by msync(), munmap() and the program's end, and before
 * anybody reads the file; who writes to the file has the memory read anew. Two shared mappings of one part of a file are one
 * memory, so programs that share by mapping do. What lies behind the file's end in its last page stays in memory, and reads
 * as zeroes at first; pages behind it are there when the file grows.
 */
#include "mapping.h"

#include "vfs.h"

#include <axalloc/axalloc.h>
#include <axfs/axfs.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

struct posix_backing {
	ax_file_t file;
	unsigned references; /* posix_memory_lock */
};

unsigned posix_shared_mappings;

#define MEMORY_GUARD() POSIX_LOCK(&posix_memory_lock)

static const vfs_node_t *node_of(const posix_region_t *region)
{
	return region->backing ? region->backing->file.node : NULL;
}

/* As much of the region from @p at on as lies inside the file, at most @p bytes. */
static size_t inside_file(const ax_file_t *file, const posix_region_t *region, size_t at, size_t bytes)
{
	ax_stat_t stat;
	if (ax_file_stat(file, &stat) != AX_OK || stat.size <= region->offset + at)
		return 0;
	return (size_t)AX_MIN((uint64_t)bytes, stat.size - region->offset - at);
}

static size_t valid_bytes(const ax_file_t *file, const posix_region_t *region)
{
	return align_up(inside_file(file, region, 0, region->bytes), PAGE_SIZE);
}

static ax_err_t fill(const posix_region_t *region, const ax_file_t *file)
{
	size_t total = 0, done;
	ax_err_t error = AX_OK;
	do {
		error = ax_file_read_at(file, region->start + total, region->bytes - total, region->offset + total, &done);
		total += done;
	} while (error == AX_OK && done && total < region->bytes);
	return error;
}

long posix_check_mapped_file(const posix_map_request_t *request, size_t length, int64_t offset)
{
	const posix_file_t *file = request->file;
	const int access = file->flags & AX_O_ACCMODE;
	if (!posix_is_vfs(file) || !vfs_is_regular(file->file.node))
		return -AX_ERR_NO_DEVICE;
	if (access == AX_O_WRONLY || (request->shared && (request->protection & AX_PROT_WRITE) && access != AX_O_RDWR))
		return -AX_ERR_ACCESS_DENIED;
	if (offset < 0 || (length <= INT64_MAX && offset > (int64_t)(INT64_MAX - length)))
		return -AX_ERR_OVERFLOW;
	return length > SIZE_MAX / 4 ? -AX_ERR_NO_MEMORY : 0;
}

long posix_region_begin(posix_region_t *region, const posix_map_request_t *request)
{
	const ax_file_t *file = &request->file->file;
	posix_backing_t *backing = request->shared ? axalloc_alloc(sizeof *backing, 0) : NULL;
	if (request->shared && !backing)
		return -AX_ERR_NO_MEMORY;
	const ax_err_t error = fill(region, file);
	if (error != AX_OK) {
		axalloc_free(backing);
		return posix_result(error);
	}
	region->valid_bytes = valid_bytes(file, region);
	region->copies_file = !backing;
	if (!backing)
		return 0;
	ax_file_copy(file, &backing->file);
	backing->file.flags &= ~(uint32_t)AX_OPEN_APPEND;
	backing->references = 1;
	region->backing = backing;
	region->writable = (request->file->flags & AX_O_ACCMODE) == AX_O_RDWR;
	posix_shared_mappings++;
	return 0;
}

long posix_region_read(posix_region_t *region)
{
	const ax_file_t *file = &region->backing->file;
	const ax_err_t error = fill(region, file);
	region->valid_bytes = valid_bytes(file, region);
	return posix_result(error);
}

/* Parts of a file that overlap in any way, as they would be two memories. */
bool posix_region_shows(const posix_region_t *region, const posix_map_request_t *request)
{
	return node_of(region) == request->file->file.node && region->offset < request->offset + request->bytes &&
	       request->offset < region->offset + region->bytes;
}

void posix_backing_hold(posix_backing_t *backing)
{
	backing->references++;
}

void posix_backing_drop(posix_backing_t *backing)
{
	if (--backing->references)
		return;
	ax_file_close(&backing->file);
	axalloc_free(backing);
	posix_shared_mappings--;
}

long posix_region_write_back(const posix_region_t *region, size_t at, size_t bytes)
{
	ax_err_t error = AX_OK;
	if (!(region->protection & AX_PROT_WRITE)) /* since mprotect() took the right away, all was written */
		return 0;
	const ax_file_t *file = &region->backing->file;
	const size_t end = at + inside_file(file, region, at, bytes);
	while (at < end && error == AX_OK) {
		size_t done;
		error = ax_file_write_at(file, region->start + at, end - at, region->offset + at, &done);
		at += done;
	}
	return posix_result(error);
}

long posix_backing_sync(posix_backing_t *backing)
{
	return posix_result(ax_file_sync(&backing->file, true));
}

void posix_mappings_before_read(const posix_file_t *file)
{
	MEMORY_GUARD();
	for (const posix_region_t *region = posix_regions; region; region = region->next)
		if (node_of(region) == file->file.node)
			(void)posix_region_write_back(region, 0, region->bytes); /* msync() is there to tell */
}

/* Memory that is to be written here, whatever the program may do with it. */
static void with_access(posix_region_t *region, void (*act)(posix_region_t *region, uint64_t from, size_t bytes),
			uint64_t from, size_t bytes)
{
	const int protection = region->protection;
	if (!(protection & AX_PROT_WRITE)) {
		region->protection = AX_PROT_READ | AX_PROT_WRITE;
		posix_region_set_access(region);
	}
	act(region, from, bytes);
	region->protection = protection;
	if (!(protection & AX_PROT_WRITE))
		posix_region_set_access(region);
}

static void read_anew(posix_region_t *region, uint64_t from, size_t bytes)
{
	size_t done;
	(void)(ax_file_read_at(&region->backing->file, region->start + (from - region->offset), bytes, from, &done) == AX_OK);
}

static void make_zero(posix_region_t *region, uint64_t from, size_t bytes)
{
	memset(region->start + (from - region->offset), 0, bytes);
}

/* Pages that the file has got are there, and those that it has lost are not, nor what they held. */
static void follow_size(posix_region_t *region)
{
	const size_t before = region->valid_bytes, now = valid_bytes(&region->backing->file, region);
	const size_t inside = inside_file(&region->backing->file, region, 0, region->bytes);
	if (now > before) {
		region->valid_bytes = now;
		posix_region_set_access(region);
	} else if (inside < before) {
		with_access(region, make_zero, region->offset + inside, before - inside);
		region->valid_bytes = now;
		posix_region_set_access(region);
	}
}

void posix_mappings_resized(void)
{
	MEMORY_GUARD();
	for (posix_region_t *region = posix_regions; region; region = region->next)
		if (region->backing)
			follow_size(region);
}

/* Only what was written may be read anew: the rest of the memory is newer than the file. */
void posix_mappings_after_write(const posix_file_t *file, uint64_t offset, size_t bytes)
{
	MEMORY_GUARD();
	for (posix_region_t *region = posix_regions; region; region = region->next) {
		if (node_of(region) != file->file.node)
			continue;
		const uint64_t first = AX_MAX(offset, region->offset);
		const uint64_t end = AX_MIN(offset + bytes, region->offset + region->bytes);
		if (region->valid_bytes < region->bytes) {
			region->valid_bytes = valid_bytes(&region->backing->file, region);
			posix_region_set_access(region);
		}
		if (first < end)
			with_access(region, read_anew, first, (size_t)(end - first));
	}
}

/* Nobody is left to tell of errors. */
static void end_mappings(void)
{
	MEMORY_GUARD();
	for (posix_region_t *region = posix_regions; region; region = region->next) {
		if (!region->backing)
			continue;
		(void)posix_region_write_back(region, 0, region->bytes);
		posix_backing_drop(region->backing);
		region->backing = NULL;
	}
}

void posix_files_end(void)
{
	end_mappings();
	(void)ax_sys_close_range(0, ~0u, 0);
	(void)(axfs_end() == AX_OK);
}
