/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing through a descriptor: each call finds the open file and asks its kind. */
#include "descriptor.h"

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <posix_api/syscalls.h>

enum { IOV_MAX = 1024 };

static bool readable(const posix_file_t *file)
{
	return (file->flags & AX_O_ACCMODE) != 1 && file->ops->read;
}

static bool writable(const posix_file_t *file)
{
	return (file->flags & AX_O_ACCMODE) != 0 && file->ops->write;
}

long ax_sys_read(int fd, void *buffer, size_t length)
{
	posix_file_t *file = posix_file_get(fd);
	if (unlikely(!file))
		return -AX_ERR_BAD_HANDLE;
	long result = readable(file) ? file->ops->read(file, buffer, length) : -AX_ERR_BAD_HANDLE;
	posix_file_put(file);
	return result;
}

long ax_sys_write(int fd, const void *buffer, size_t length)
{
	posix_file_t *file = posix_file_get(fd);
	if (unlikely(!file))
		return -AX_ERR_BAD_HANDLE;
	long result = writable(file) ? file->ops->write(file, buffer, length) : -AX_ERR_BAD_HANDLE;
	posix_file_put(file);
	return result;
}

/* One buffer after the other until one falls short; an error after some bytes is theirs to meet next time. */
static long vectored(int fd, const struct ax_iovec *vector, int count, bool reading)
{
	if (count < 0 || count > IOV_MAX)
		return -AX_ERR_INVALID_INPUT;
	posix_file_t *file = posix_file_get(fd);
	if (unlikely(!file))
		return -AX_ERR_BAD_HANDLE;
	long total = reading ? readable(file) ? 0 : -AX_ERR_BAD_HANDLE
			     : writable(file) ? 0 : -AX_ERR_BAD_HANDLE;
	for (int i = 0; total >= 0 && i < count; i++) {
		if (!vector[i].length)
			continue;
		long done = reading ? file->ops->read(file, vector[i].base, vector[i].length)
				    : file->ops->write(file, vector[i].base, vector[i].length);
		if (done < 0) {
			total = total ? total : done;
			break;
		}
		total += done;
		if ((size_t)done < vector[i].length)
			break;
	}
	posix_file_put(file);
	return total;
}

long ax_sys_readv(int fd, const struct ax_iovec *vector, int count)
{
	return vectored(fd, vector, count, true);
}

long ax_sys_writev(int fd, const struct ax_iovec *vector, int count)
{
	return vectored(fd, vector, count, false);
}

long ax_sys_pread64(int fd, void *buffer, size_t length, int64_t offset)
{
	if (offset < 0)
		return -AX_ERR_INVALID_INPUT;
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = file->ops->pread ? file->ops->pread(file, buffer, length, (uint64_t)offset)
				       : -AX_ERR_ILLEGAL_SEEK;
	posix_file_put(file);
	return result;
}

long ax_sys_lseek(int fd, int64_t offset, int whence)
{
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = file->ops->seek ? file->ops->seek(file, offset, whence) : -AX_ERR_ILLEGAL_SEEK;
	posix_file_put(file);
	return result;
}

long ax_sys_fstat(int fd, struct ax_stat *stat)
{
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = file->ops->stat(file, stat);
	posix_file_put(file);
	return result;
}

long ax_sys_ioctl(int fd, unsigned long request, void *argument)
{
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = file->ops->ioctl ? file->ops->ioctl(file, request, argument) : -AX_ERR_NOT_A_TERMINAL;
	posix_file_put(file);
	return result;
}

long ax_sys_getdents64(int fd, void *buffer, size_t length)
{
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	long result = file->ops->getdents ? file->ops->getdents(file, buffer, length)
					  : -AX_ERR_NOT_A_DIRECTORY;
	posix_file_put(file);
	return result;
}
