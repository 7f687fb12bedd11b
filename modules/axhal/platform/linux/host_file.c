/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the host by its system calls. */
#include <axhal/host.h>
#include <axhal/host_file.h>
#include "linux.h"

enum { /* linux/falloc.h, asm-generic/errno-base.h */
	FALLOC_KEEP_SIZE = 1,
	FALLOC_PUNCH_HOLE = 2,
	ENOENT_ = 2,
	EACCES_ = 13,
	EISDIR_ = 21,
	ENOSPC_ = 28,
	EROFS_ = 30,
	EOPNOTSUPP_ = 95,
};

static ax_err_t error_of(long result)
{
	switch (-result) {
	case ENOENT_:
		return AX_ERR_NOT_FOUND;
	case EACCES_:
		return AX_ERR_ACCESS_DENIED;
	case EISDIR_:
		return AX_ERR_IS_A_DIRECTORY;
	case ENOSPC_:
		return AX_ERR_NO_SPACE;
	case EROFS_:
		return AX_ERR_READ_ONLY;
	case EOPNOTSUPP_:
		return AX_ERR_NOT_SUPPORTED;
	default:
		return AX_ERR_IO;
	}
}

ax_err_t axhal_host_file_open(const char *path, bool read_only, int *file, uint64_t *bytes)
{
	long result = axhal_host_open(path, (read_only ? LINUX_O_RDONLY : LINUX_O_RDWR) | LINUX_O_CLOEXEC);
	if (result < 0)
		return error_of(result);
	*file = (int)result;
	result = axhal_linux_file_bytes(*file);
	if (result < 0)
		return error_of(result);
	*bytes = (uint64_t)result;
	return AX_OK;
}

/* All of it by as many calls as the host wants. */
static ax_err_t transfer(long number, int file, uintptr_t buffer, size_t bytes, uint64_t offset)
{
	while (bytes) {
		long result = axhal_linux_syscall(number, file, (long)buffer, (long)bytes, (long)offset, 0, 0);
		if (result == -LINUX_EINTR)
			continue;
		if (result <= 0)
			return result ? error_of(result) : AX_ERR_IO;
		buffer += (size_t)result;
		bytes -= (size_t)result;
		offset += (uint64_t)result;
	}
	return AX_OK;
}

ax_err_t axhal_host_file_read(int file, void *buffer, size_t bytes, uint64_t offset)
{
	return transfer(LINUX_SYS_PREAD64, file, (uintptr_t)buffer, bytes, offset);
}

ax_err_t axhal_host_file_write(int file, const void *buffer, size_t bytes, uint64_t offset)
{
	return transfer(LINUX_SYS_PWRITE64, file, (uintptr_t)buffer, bytes, offset);
}

ax_err_t axhal_host_file_sync(int file)
{
	long result = axhal_linux_syscall(LINUX_SYS_FDATASYNC, file, 0, 0, 0, 0, 0);
	return result < 0 ? error_of(result) : AX_OK;
}

ax_err_t axhal_host_file_punch(int file, uint64_t offset, uint64_t bytes)
{
	long result = axhal_linux_syscall(LINUX_SYS_FALLOCATE, file, FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE, (long)offset,
					  (long)bytes, 0, 0);
	return result < 0 ? error_of(result) : AX_OK;
}

/* read(2) and write(2) have no fourth parameter. */
ax_err_t axhal_host_stream_read(int file, void *buffer, size_t bytes)
{
	return transfer(LINUX_SYS_READ, file, (uintptr_t)buffer, bytes, 0);
}

ax_err_t axhal_host_stream_write(int file, const void *buffer, size_t bytes)
{
	return transfer(LINUX_SYS_WRITE, file, (uintptr_t)buffer, bytes, 0);
}
