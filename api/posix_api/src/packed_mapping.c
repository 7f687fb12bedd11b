/* SPDX-License-Identifier: Apache-2.0 */
/* No mappings of files: those of the image alone (feature `fs` has others). */
#include "mapping.h"

#include <axerrno/axerrno.h>
#include <posix_api/syscalls.h>

long posix_check_mapped_file([[maybe_unused]] const posix_map_request_t *request, [[maybe_unused]] size_t length,
			     [[maybe_unused]] int64_t offset)
{
	return ax_sys_missing(-1, "mmap of a file");
}

long posix_region_begin([[maybe_unused]] posix_region_t *region, [[maybe_unused]] const posix_map_request_t *request)
{
	return -AX_ERR_NO_DEVICE;
}

long posix_region_read([[maybe_unused]] posix_region_t *region)
{
	return -AX_ERR_NO_DEVICE;
}

bool posix_region_shows([[maybe_unused]] const posix_region_t *region, [[maybe_unused]] const posix_map_request_t *request)
{
	return false;
}

void posix_backing_hold([[maybe_unused]] posix_backing_t *backing)
{
}

void posix_backing_drop([[maybe_unused]] posix_backing_t *backing)
{
}

long posix_region_write_back([[maybe_unused]] const posix_region_t *region, [[maybe_unused]] size_t at,
			     [[maybe_unused]] size_t bytes)
{
	return 0;
}

long posix_backing_sync([[maybe_unused]] posix_backing_t *backing)
{
	return 0;
}

void posix_files_end(void)
{
}
