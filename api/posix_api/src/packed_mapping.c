/* SPDX-License-Identifier: Apache-2.0 */
/* No mappings: files of the image alone (feature `fs` has them). */
#include "mapping.h"

#include <axerrno/axerrno.h>
#include <posix_api/syscalls.h>

long posix_map_file([[maybe_unused]] size_t length, [[maybe_unused]] int protection, [[maybe_unused]] int flags,
		    [[maybe_unused]] int fd, [[maybe_unused]] int64_t offset)
{
	return ax_sys_missing(-1, "mmap of a file");
}

long posix_unmap_file([[maybe_unused]] void *address, [[maybe_unused]] size_t length)
{
	return -AX_ERR_INVALID_INPUT;
}

long posix_sync_mapping([[maybe_unused]] void *address, [[maybe_unused]] size_t length, [[maybe_unused]] int flags)
{
	return -AX_ERR_NO_MEMORY;
}

void posix_files_end(void)
{
}
