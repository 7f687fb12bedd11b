/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mmap() and its kin. Memory comes from the kernel's allocator in blocks, one for each mmap(), and is mapped in regions of
 * them; a region is split where a call names a part of it. A block is given back when nothing of it is mapped. An address of
 * the program's choice (MAP_FIXED) must lie in a block.
 *
 * With feature `paging` pages have the rights that they are given, and what is not mapped has none: blocks of which nothing
 * is mapped are kept so for a while.
 */
#include "descriptor.h"
#include "mapping.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/mem.h>
#include <axhal/paging.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <posix_api/features.h>
#include <posix_api/syscalls.h>

enum {
	MAPPINGS_MOST = 65530,                  /* users of regions, as on Linux */
	KEPT_BLOCKS = 16, KEPT_BYTES = 1 << 20, /* of blocks with nothing mapped */
	READ_WRITE = AX_PROT_READ | AX_PROT_WRITE,
};

posix_lock_t posix_memory_lock;
posix_region_t *posix_regions;
struct ax_rlimit posix_lock_limit = { AX_RLIM_INFINITY, AX_RLIM_INFINITY };
static posix_block_t *s_blocks;    /* this and what follows: posix_memory_lock. Those with nothing mapped: oldest first */
static unsigned s_users;
static size_t s_mapped_bytes;
static bool s_lock_future;         /* mlockall(MCL_FUTURE) */

#define MEMORY_GUARD() POSIX_LOCK(&posix_memory_lock)

/* ----------------------------------------------------------------------------------------------------- rights */

#if POSIX_API_FEATURE_PAGING
static void set_access(char *start, size_t bytes, axhal_access_t access)
{
	/* Without a frame for a page table the rights stay wider than asked for. */
	if (bytes)
		(void)(axhal_protect((vaddr_t)start, bytes, access) == AX_OK);
}

static axhal_access_t access_of(int protection)
{
	if (protection & AX_PROT_WRITE)
		return AXHAL_ACCESS_READ_WRITE;
	if (protection & AX_PROT_EXEC)
		return AXHAL_ACCESS_READ_EXECUTE;
	return protection ? AXHAL_ACCESS_READ : AXHAL_ACCESS_NONE;
}

void posix_region_set_access(const posix_region_t *region)
{
	set_access(region->start, region->valid_bytes, access_of(region->protection));
	set_access(region->start + region->valid_bytes, region->bytes - region->valid_bytes, AXHAL_ACCESS_NONE);
}

static void open_access(char *start, size_t bytes)
{
	set_access(start, bytes, AXHAL_ACCESS_READ_WRITE);
}

static void close_access(char *start, size_t bytes)
{
	set_access(start, bytes, AXHAL_ACCESS_NONE);
}
#else
void posix_region_set_access([[maybe_unused]] const posix_region_t *region)
{
}

static void open_access([[maybe_unused]] char *start, [[maybe_unused]] size_t bytes)
{
}

static void close_access([[maybe_unused]] char *start, [[maybe_unused]] size_t bytes)
{
}
#endif

/* 0, or what there is to say against it: memory is writable or executable, and only pages have rights at all. */
static long check_protection(int protection)
{
	if (protection & ~(READ_WRITE | AX_PROT_EXEC))
		return -AX_ERR_INVALID_INPUT;
	if ((protection & AX_PROT_EXEC) && (!POSIX_API_FEATURE_PAGING || (protection & AX_PROT_WRITE)))
		return -AX_ERR_NOT_SUPPORTED;
	return 0;
}

/* ----------------------------------------------------------------------------------------------------- blocks */

static void free_block(posix_block_t **link)
{
	posix_block_t *block = *link;
	*link = block->next;
	open_access(block->start, block->bytes);
	axalloc_free_pages((vaddr_t)block->start, block->bytes / PAGE_SIZE);
	axalloc_free(block);
}

/* Of the blocks with nothing mapped the newest stay, as far as they are few. */
static void free_blocks(size_t most, size_t most_bytes)
{
	size_t count = 0, bytes = 0;
	for (const posix_block_t *block = s_blocks; block; block = block->next) {
		count += !block->mapped_bytes;
		bytes += block->mapped_bytes ? 0 : block->bytes;
	}
	for (posix_block_t **link = &s_blocks; *link && (count > most || bytes > most_bytes);) {
		if ((*link)->mapped_bytes) {
			link = &(*link)->next;
			continue;
		}
		count--;
		bytes -= (*link)->bytes;
		free_block(link);
	}
}

static void append_block(posix_block_t *block)
{
	posix_block_t **link = &s_blocks;
	while (*link)
		link = &(*link)->next;
	block->next = NULL;
	*link = block;
}

static void retire_block(posix_block_t *block)
{
	posix_block_t **link = &s_blocks;
	while (*link != block)
		link = &(*link)->next;
	*link = block->next;
	append_block(block);
	free_blocks(POSIX_API_FEATURE_PAGING ? KEPT_BLOCKS : 0, KEPT_BYTES);
}

static posix_block_t *new_block(size_t bytes)
{
	posix_block_t *block = axalloc_alloc(sizeof *block, 0);
	vaddr_t start = block ? axalloc_pages(bytes / PAGE_SIZE, PAGE_SIZE) : 0;
	if (block && !start) {
		free_blocks(0, 0);
		start = axalloc_pages(bytes / PAGE_SIZE, PAGE_SIZE);
	}
	if (!start) {
		axalloc_free(block);
		return NULL;
	}
	*block = (posix_block_t){ .start = (char *)start, .bytes = bytes };
	append_block(block);
	return block;
}

static posix_block_t *block_around(const char *start, size_t bytes)
{
	for (posix_block_t *block = s_blocks; block; block = block->next)
		if (start >= block->start && (size_t)(start - block->start) < block->bytes &&
		    bytes <= block->bytes - (size_t)(start - block->start))
			return block;
	return NULL;
}

/* ---------------------------------------------------------------------------------------------------- regions */

static bool overlaps(const posix_region_t *region, const char *start, size_t bytes)
{
	return region->start < start + bytes && start < region->start + region->bytes;
}

/* The region ends at @p at, if that lies in it, and another one goes on. */
static long split(posix_region_t *region, const char *at)
{
	if (at <= region->start || at >= region->start + region->bytes)
		return 0;
	posix_region_t *rest = axalloc_alloc(sizeof *rest, 0);
	if (!rest)
		return -AX_ERR_NO_MEMORY;
	const size_t bytes = (size_t)(at - region->start), valid = AX_MIN(region->valid_bytes, bytes);
	*rest = *region;
	rest->start += bytes;
	rest->bytes -= bytes;
	rest->offset += bytes;
	rest->valid_bytes -= valid;
	region->bytes = bytes;
	region->valid_bytes = valid;
	region->next = rest;
	s_users += rest->users;
	if (rest->backing)
		posix_backing_hold(rest->backing);
	return 0;
}

/* Regions begin and end where this range does. */
static long split_around(const char *start, size_t bytes)
{
	for (posix_region_t *region = posix_regions; region; region = region->next) {
		long error = overlaps(region, start, bytes) ? split(region, start) : 0;
		if (!error && overlaps(region, start, bytes))
			error = split(region, start + bytes);
		if (error)
			return error;
	}
	return 0;
}

static void insert(posix_region_t *region)
{
	posix_region_t **link = &posix_regions;
	while (*link && (*link)->start < region->start)
		link = &(*link)->next;
	region->next = *link;
	*link = region;
	region->block->mapped_bytes += region->bytes;
	s_mapped_bytes += region->bytes;
	s_users += region->users;
}

/* Its last user has gone. */
static long remove_region(posix_region_t **link)
{
	posix_region_t *region = *link;
	const long error = region->backing ? posix_region_write_back(region, 0, region->bytes) : 0;
	*link = region->next;
	if (region->backing)
		posix_backing_drop(region->backing);
	s_mapped_bytes -= region->bytes;
	region->block->mapped_bytes -= region->bytes;
	close_access(region->start, region->bytes);
	if (!region->block->mapped_bytes)
		retire_block(region->block);
	axalloc_free(region);
	return error;
}

/* What is mapped of this range has one user less, or none left. */
static long unmap(const char *start, size_t bytes, bool for_good)
{
	long result = split_around(start, bytes);
	for (posix_region_t **link = &posix_regions; !result && *link;) {
		posix_region_t *region = *link;
		if (!overlaps(region, start, bytes)) {
			link = &region->next;
			continue;
		}
		const unsigned gone = for_good ? region->users : 1;
		region->users -= gone;
		s_users -= gone;
		if (region->users) {
			link = &region->next;
			continue;
		}
		result = remove_region(link);
	}
	return result;
}

/* ------------------------------------------------------------------------------------------------------- mmap */

/* It would be two memories. */
static long overlapping(void)
{
	return ax_sys_missing(-4, "mmap of a part of a file that overlaps another shared mapping's");
}

/* Some of the requested part of the file is in memory already. */
static posix_region_t *find_shared(const posix_map_request_t *request)
{
	posix_region_t *region = posix_regions;
	while (region && !posix_region_shows(region, request))
		region = region->next;
	return region;
}

/* Where all of the requested part of the file is in memory already: one more user of that. Else 0. */
static long join_shared(const posix_map_request_t *request)
{
	posix_region_t *first = find_shared(request);
	if (!first)
		return 0;
	const uint64_t before = request->offset - first->offset;
	char *start = first->start + before;
	size_t found = before < first->bytes ? first->bytes - (size_t)before : 0;
	for (posix_region_t *next = first->next; next && found < request->bytes; next = next->next) {
		if (next->start != start + found || next->backing != first->backing)
			break;
		found += next->bytes;
	}
	if (found < request->bytes)
		return overlapping();
	if ((request->protection & AX_PROT_WRITE) && !first->writable)
		return -AX_ERR_ACCESS_DENIED;
	const long error = split_around(start, request->bytes);
	if (error)
		return error;
	for (posix_region_t *region = posix_regions; region; region = region->next) {
		if (!overlaps(region, start, request->bytes))
			continue;
		region->users++;
		s_users++;
		if (request->protection & ~region->protection) {
			region->protection |= request->protection;
			posix_region_set_access(region);
		}
	}
	return (long)(uintptr_t)start;
}

/* Over a new block, or at a fixed place over what was there. */
static long map_region(const posix_map_request_t *request)
{
	posix_block_t *block = request->fixed ? block_around(request->fixed, request->bytes) : new_block(request->bytes);
	posix_region_t *region = block ? axalloc_alloc(sizeof *region, 0) : NULL;
	if (!region) {
		if (block && !block->mapped_bytes)
			retire_block(block);
		return -AX_ERR_NO_MEMORY;
	}
	*region = (posix_region_t){
		.block = block, .start = request->fixed ? request->fixed : block->start, .bytes = request->bytes, .users = 1,
		.protection = request->protection, .locked = s_lock_future, .writable = true, .offset = request->offset,
		.valid_bytes = request->bytes,
	};
	block->mapped_bytes += request->bytes; /* it stays, whatever goes */
	long error = request->fixed ? unmap(request->fixed, request->bytes, true) : 0;
	block->mapped_bytes -= request->bytes;
	if (!error && request->fixed && request->shared && request->file && find_shared(request))
		error = overlapping();
	if (error) {
		axalloc_free(region);
		return error;
	}
	if (request->fixed)
		open_access(region->start, region->bytes);
	memset(region->start, 0, region->bytes);
	if (request->file)
		error = posix_region_begin(region, request);
	if (error) {
		close_access(region->start, region->bytes);
		axalloc_free(region);
		if (!block->mapped_bytes)
			retire_block(block);
		return error;
	}
	insert(region);
	if (region->protection != READ_WRITE || region->valid_bytes != region->bytes)
		posix_region_set_access(region);
	return (long)(uintptr_t)region->start;
}

static long map(const posix_map_request_t *request)
{
	MEMORY_GUARD();
	if (s_users >= MAPPINGS_MOST)
		return -AX_ERR_NO_MEMORY;
	if (s_lock_future && s_mapped_bytes + request->bytes > posix_lock_limit.soft)
		return -AX_ERR_WOULD_BLOCK;
	if (request->shared && request->file && !request->fixed) {
		const long start = join_shared(request);
		if (start)
			return start;
	}
	return map_region(request);
}

long ax_sys_mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)
{
	POSIX_CALL();
	const int kind = flags & AX_MAP_TYPE;
	const bool fixed = flags & AX_MAP_FIXED, anonymous = flags & AX_MAP_ANONYMOUS;
	if (!length || (kind != AX_MAP_SHARED && kind != AX_MAP_PRIVATE) || offset % PAGE_SIZE ||
	    (fixed && (uintptr_t)address % PAGE_SIZE))
		return -AX_ERR_INVALID_INPUT;
	long error = check_protection(protection);
	if (error)
		return error;
	posix_map_request_t request = {
		.fixed = fixed ? address : NULL, .protection = protection, .shared = kind == AX_MAP_SHARED,
		.offset = anonymous ? 0 : (uint64_t)offset, .bytes = align_up(AX_MIN(length, SIZE_MAX / 4), PAGE_SIZE),
	};
	if (anonymous)
		return length > SIZE_MAX / 4 ? -AX_ERR_NO_MEMORY : map(&request);
	POSIX_FILE(file, fd);
	request.file = file;
	error = file ? posix_check_mapped_file(&request, length, offset) : -AX_ERR_BAD_HANDLE;
	return error ? error : map(&request);
}

/* ----------------------------------------------------------------------------------------------------- others */

/* Whether [address, address + length) is a range of pages; @p bytes: how long. */
static bool is_range(const void *address, size_t length, size_t *bytes)
{
	*bytes = align_up(length, PAGE_SIZE);
	return (uintptr_t)address % PAGE_SIZE == 0 && *bytes >= length && (uintptr_t)address <= UINTPTR_MAX - *bytes;
}

/* What is not mapped here is not unmapped, be it memory. */
long ax_sys_munmap(void *address, size_t length)
{
	size_t bytes;
	POSIX_CALL();
	if (!length || !is_range(address, length, &bytes))
		return -AX_ERR_INVALID_INPUT;
	MEMORY_GUARD();
	return unmap(address, bytes, false);
}

/* The one region that the range is a part of becomes one of its own. NULL: it is of several, or not mapped. */
static posix_region_t *only_region(char *start, size_t bytes, long *error)
{
	posix_region_t *region = posix_regions;
	while (region && !overlaps(region, start, 1))
		region = region->next;
	const bool is_one = region && start + bytes <= region->start + region->bytes;
	*error = is_one ? split_around(start, bytes) : -AX_ERR_BAD_ADDRESS;
	for (region = posix_regions; region && region->start != start;)
		region = region->next;
	return *error ? NULL : region;
}

/* What is behind the region in its block, and not mapped, can be its own. */
static bool has_room_behind(const posix_region_t *region, size_t more)
{
	const char *end = region->start + region->bytes;
	return (size_t)(region->block->start + region->block->bytes - end) >= more &&
	       (!region->next || !overlaps(region->next, end, more));
}

static long grow_in_place(posix_region_t *region, size_t bytes)
{
	const size_t more = bytes - region->bytes;
	open_access(region->start, bytes);
	memset(region->start + region->bytes, 0, more);
	region->block->mapped_bytes += more;
	s_mapped_bytes += more;
	region->bytes = bytes;
	region->valid_bytes = bytes;
	posix_region_set_access(region);
	return (long)(uintptr_t)region->start;
}

/* Into a new block. A shared mapping is read from its file, into which all was written. */
static long grow_elsewhere(posix_region_t *region, size_t bytes)
{
	long error = region->backing ? posix_region_write_back(region, 0, region->bytes) : 0;
	posix_region_t *moved = error ? NULL : axalloc_alloc(sizeof *moved, 0);
	posix_block_t *block = moved ? new_block(bytes) : NULL;
	if (!block) {
		axalloc_free(moved);
		return error ? error : -AX_ERR_NO_MEMORY;
	}
	*moved = *region;
	moved->block = block;
	moved->start = block->start;
	moved->bytes = moved->valid_bytes = bytes;
	memset(moved->start, 0, bytes);
	if (moved->backing) {
		error = posix_region_read(moved);
	} else {
		open_access(region->start, region->bytes);
		memcpy(moved->start, region->start, region->bytes);
	}
	if (error) {
		axalloc_free(moved);
		retire_block(block);
		return error;
	}
	if (moved->backing)
		posix_backing_hold(moved->backing);
	insert(moved);
	posix_region_set_access(moved);
	error = unmap(region->start, region->bytes, true);
	return error ? error : (long)(uintptr_t)moved->start;
}

/* What only a page table could do, a place of the program's choice and a second view of the same memory, is not there. */
long ax_sys_mremap(void *address, size_t length, size_t new_length, int flags, [[maybe_unused]] void *new_address)
{
	size_t bytes, new_bytes;
	POSIX_CALL();
	if (!length || !new_length || !is_range(address, length, &bytes) || new_length > SIZE_MAX / 4)
		return -AX_ERR_INVALID_INPUT;
	if (flags & ~AX_MREMAP_MAYMOVE)
		return ax_sys_missing(-5, "mremap to a fixed address, or without unmapping");
	new_bytes = align_up(new_length, PAGE_SIZE);
	MEMORY_GUARD();
	long error;
	posix_region_t *region = only_region(address, bytes, &error);
	if (error)
		return error;
	if (new_bytes < bytes)
		error = unmap((char *)address + new_bytes, bytes - new_bytes, false);
	if (error || new_bytes <= bytes)
		return error ? error : (long)(uintptr_t)address;
	if (region->users > 1 || region->copies_file)
		return ax_sys_missing(-6, "mremap that grows a private mapping of a file, or one that is shared by mmap()");
	if (region->locked && s_mapped_bytes + new_bytes - bytes > posix_lock_limit.soft)
		return -AX_ERR_WOULD_BLOCK;
	if (!region->backing && has_room_behind(region, new_bytes - bytes))
		return grow_in_place(region, new_bytes);
	return flags & AX_MREMAP_MAYMOVE ? grow_elsewhere(region, new_bytes) : -AX_ERR_NO_MEMORY;
}

/* Whether all of the range is mapped. */
static bool is_mapped(const char *start, size_t bytes)
{
	const char *end = start + bytes;
	for (const posix_region_t *region = posix_regions; region && start < end; region = region->next)
		if (start >= region->start && start < region->start + region->bytes)
			start = region->start + region->bytes;
	return start >= end;
}

/* Without pages that have rights, memory stays readable and writable; asking for less is refused, so that nobody trusts a
 * guard that is none. What was not mapped is so always. */
long ax_sys_mprotect(void *address, size_t length, int protection)
{
	size_t bytes;
	POSIX_CALL();
	if (!is_range(address, length, &bytes))
		return (uintptr_t)address % PAGE_SIZE ? -AX_ERR_INVALID_INPUT : -AX_ERR_NO_MEMORY;
	if (!POSIX_API_FEATURE_PAGING)
		return protection == READ_WRITE ? 0 : -AX_ERR_NOT_IMPLEMENTED;
	long error = check_protection(protection);
	MEMORY_GUARD();
	if (!error && !is_mapped(address, bytes))
		return protection == READ_WRITE && !block_around(address, PAGE_SIZE) ? 0 : -AX_ERR_NO_MEMORY;
	if (!error)
		error = split_around(address, bytes);
	for (posix_region_t *region = posix_regions; region && !error; region = region->next) {
		if (!overlaps(region, address, bytes))
			continue;
		if ((protection & AX_PROT_WRITE) && !region->writable)
			return -AX_ERR_ACCESS_DENIED;
		if (region->backing && !(protection & AX_PROT_WRITE))
			error = posix_region_write_back(region, 0, region->bytes);
		region->protection = protection;
		posix_region_set_access(region);
	}
	return error;
}

/* Advice may be ignored, except that MADV_DONTNEED promises zeroes of memory that is the program's own. */
long ax_sys_madvise(void *address, size_t length, int advice)
{
	POSIX_CALL();
	if (advice != AX_MADV_DONTNEED)
		return 0;
	MEMORY_GUARD();
	if (!is_mapped(address, length)) {
		memset(address, 0, length);
		return 0;
	}
	for (const posix_region_t *region = posix_regions; region; region = region->next) {
		if (!overlaps(region, address, length) || region->backing)
			continue;
		char *from = AX_MAX(region->start, (char *)address);
		char *end = AX_MIN(region->start + region->valid_bytes, (char *)address + length);
		if (!(region->protection & AX_PROT_WRITE))
			open_access(region->start, region->valid_bytes);
		if (from < end)
			memset(from, 0, (size_t)(end - from));
		if (!(region->protection & AX_PROT_WRITE))
			posix_region_set_access(region);
	}
	return 0;
}

/* One region's part of msync(). */
static long sync_region(const posix_region_t *region, const char *start, size_t bytes, int flags)
{
	if (region->locked && (flags & AX_MS_INVALIDATE))
		return -AX_ERR_BUSY;
	if (!region->backing)
		return 0;
	const char *from = AX_MAX((const char *)region->start, start);
	const char *end = AX_MIN((const char *)region->start + region->bytes, start + bytes);
	const long error = posix_region_write_back(region, (size_t)(from - region->start), (size_t)(end - from));
	return !error && (flags & AX_MS_SYNC) ? posix_backing_sync(region->backing) : error;
}

long ax_sys_msync(void *address, size_t length, int flags)
{
	size_t bytes;
	POSIX_CALL();
	if ((flags & ~(AX_MS_ASYNC | AX_MS_INVALIDATE | AX_MS_SYNC)) || (uintptr_t)address % PAGE_SIZE ||
	    ((flags & AX_MS_ASYNC) && (flags & AX_MS_SYNC)))
		return -AX_ERR_INVALID_INPUT;
	MEMORY_GUARD();
	if (!is_range(address, length, &bytes) || !is_mapped(address, bytes))
		return -AX_ERR_NO_MEMORY;
	long error = 0;
	for (const posix_region_t *region = posix_regions; region && !error; region = region->next)
		if (overlaps(region, address, bytes))
			error = sync_region(region, address, bytes, flags);
	return error;
}

void posix_memory_fault(const void *address, int *signal, int *code)
{
	const char *at = address;
	MEMORY_GUARD();
	const posix_region_t *region = posix_regions;
	while (region && !overlaps(region, at, 1))
		region = region->next;
	const bool beyond = region && (size_t)(at - region->start) >= region->valid_bytes;
	*signal = beyond ? AX_SIGBUS : AX_SIGSEGV;
	*code = beyond ? AX_BUS_ADRERR : region ? AX_SEGV_ACCERR : AX_SEGV_MAPERR;
}

/* -------------------------------------------------------------------------------------------- memory that stays */

/* In memory, or of the image, which lies around this function. */
static bool may_be_memory(const void *address, size_t length)
{
	size_t count;
	const axhal_mem_region_t *regions = axhal_free_regions(&count);
	const axhal_mem_region_t *last = &regions[count - 1];
	const uintptr_t start = (uintptr_t)address, here = (uintptr_t)ax_sys_mlock, reach = (uintptr_t)1 << 31;
	const paddr_t paddr = axhal_virt_to_phys(address), end = last->start_paddr + last->size_bytes;
	return (paddr < end && length <= end - paddr) || (start + length >= start && start - here + reach < 2 * reach);
}

static long set_locked(const void *address, size_t length, bool locked)
{
	MEMORY_GUARD();
	if (!may_be_memory(address, length))
		return -AX_ERR_NO_MEMORY;
	for (posix_region_t *region = posix_regions; region; region = region->next)
		if (overlaps(region, address, length))
			region->locked = locked;
	return 0;
}

static void set_all_locked(bool locked)
{
	for (posix_region_t *region = posix_regions; region; region = region->next)
		region->locked = locked;
}

/* All memory is resident, always. */
long ax_sys_mlock(const void *address, size_t length)
{
	POSIX_CALL();
	return set_locked(address, length, true);
}

long ax_sys_munlock(const void *address, size_t length)
{
	POSIX_CALL();
	return set_locked(address, length, false);
}

long ax_sys_mlockall(int flags)
{
	enum { CURRENT = 1, FUTURE = 2 };
	POSIX_CALL();
	if (!flags || (flags & ~(CURRENT | FUTURE)))
		return -AX_ERR_INVALID_INPUT;
	MEMORY_GUARD();
	s_lock_future = flags & FUTURE;
	if (flags & CURRENT)
		set_all_locked(true);
	return 0;
}

long ax_sys_munlockall(void)
{
	POSIX_CALL();
	MEMORY_GUARD();
	s_lock_future = false;
	set_all_locked(false);
	return 0;
}
