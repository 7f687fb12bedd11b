/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mmap() as an allocator of zeroed pages: anonymous memory, anywhere, readable and writable, and given back as it
 * was got. The kernel's allocator owns the memory; the table remembers what is mapped. Files are mapping.h's.
 */
#include "mapping.h"
#include "wait.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>
#include <stdatomic.h>

enum { MAPPINGS = 256 };
#define CLAIMED ((uintptr_t)1)

static struct {
	_Atomic(uintptr_t) start; /* 0: free; CLAIMED: being filled */
	size_t size_bytes;
} s_mappings[MAPPINGS];

static long map_anonymous(size_t length)
{
	if (length > SIZE_MAX - PAGE_SIZE)
		return -AX_ERR_NO_MEMORY;
	length = align_up(length, PAGE_SIZE);
	for (size_t i = 0; i < MAPPINGS; i++) {
		uintptr_t free = 0;
		if (!atomic_compare_exchange_strong(&s_mappings[i].start, &free, CLAIMED))
			continue;
		void *memory = axalloc_alloc(length, PAGE_SIZE);
		if (memory) {
			memset(memory, 0, length);
			s_mappings[i].size_bytes = length;
		}
		atomic_store(&s_mappings[i].start, (uintptr_t)memory);
		return memory ? (long)(uintptr_t)memory : -AX_ERR_NO_MEMORY;
	}
	return -AX_ERR_NO_MEMORY;
}

long ax_sys_mmap([[maybe_unused]] void *address, size_t length, int protection, int flags, int fd, int64_t offset)
{
	POSIX_CALL();
	if (!length)
		return -AX_ERR_INVALID_INPUT;
	if ((flags & AX_MAP_FIXED) || (protection & AX_PROT_EXEC))
		return ax_sys_missing(-1, "mmap at an address, or for execution");
	return flags & AX_MAP_ANONYMOUS ? map_anonymous(length) : posix_map_file(length, protection, flags, fd, offset);
}

long ax_sys_munmap(void *address, size_t length)
{
	POSIX_CALL();
	if (!length || (uintptr_t)address % PAGE_SIZE)
		return -AX_ERR_INVALID_INPUT;
	length = align_up(length, PAGE_SIZE);
	for (size_t i = 0; i < MAPPINGS; i++) {
		uintptr_t start = (uintptr_t)address;
		if (start <= CLAIMED || atomic_load(&s_mappings[i].start) != start || s_mappings[i].size_bytes != length)
			continue;
		if (!atomic_compare_exchange_strong(&s_mappings[i].start, &start, CLAIMED))
			continue;
		axalloc_free(address);
		atomic_store(&s_mappings[i].start, 0);
		return 0;
	}
	return posix_unmap_file(address, length); /* part of an anonymous mapping: not supported */
}

/* Every mapping stays readable and writable; asking for less is refused, so that nobody trusts a guard that is none. */
long ax_sys_mprotect([[maybe_unused]] void *address, [[maybe_unused]] size_t length, int protection)
{
	return (protection & ~AX_PROT_EXEC) == 3 && !(protection & AX_PROT_EXEC) ? 0 : -AX_ERR_NOT_IMPLEMENTED;
}

/* Advice may be ignored, except that MADV_DONTNEED promises zeroes. */
long ax_sys_madvise(void *address, size_t length, int advice)
{
	if (advice == AX_MADV_DONTNEED)
		memset(address, 0, length);
	return 0;
}

long ax_sys_msync(void *address, size_t length, int flags)
{
	POSIX_CALL();
	if ((flags & ~(AX_MS_ASYNC | AX_MS_INVALIDATE | AX_MS_SYNC)) || (uintptr_t)address % PAGE_SIZE ||
	    ((flags & AX_MS_ASYNC) && (flags & AX_MS_SYNC)))
		return -AX_ERR_INVALID_INPUT;
	return length ? posix_sync_mapping(address, align_up(length, PAGE_SIZE), flags) : 0;
}

/* All memory is resident, always. */
long ax_sys_mlock([[maybe_unused]] const void *address, [[maybe_unused]] size_t length)
{
	return 0;
}

long ax_sys_munlock([[maybe_unused]] const void *address, [[maybe_unused]] size_t length)
{
	return 0;
}

long ax_sys_mlockall(int flags)
{
	enum { CURRENT = 1, FUTURE = 2 };
	return !flags || (flags & ~(CURRENT | FUTURE)) ? -AX_ERR_INVALID_INPUT : 0;
}

long ax_sys_munlockall(void)
{
	return 0;
}
