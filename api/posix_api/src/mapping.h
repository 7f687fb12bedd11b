/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings of files, as mmap() and its kin see them: those of axfs's files (mapping.c), or none (packed_mapping.c). */
#pragma once

#include <posix_api/abi_io.h>

/** As mmap() without MAP_ANONYMOUS and MAP_FIXED; @p length is not 0. */
long posix_map_file(size_t length, int protection, int flags, int fd, int64_t offset);

/** munmap(). @return 0, or -EINVAL: no such mapping */
long posix_unmap_file(void *address, size_t length);

/** msync(). @return 0, -ENOMEM: no such mapping, or what the file system says */
long posix_sync_mapping(void *address, size_t length, int flags);

/** The program ends: shared mappings go to their files, all is closed and durable, and disks are unmounted. */
void posix_files_end(void);
