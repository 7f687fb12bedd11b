/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing through a descriptor: each call finds the open file and asks its kind, and waits for it. */
#include "descriptor.h"
#include "signal.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <posix_api/syscalls.h>

static bool readable(const posix_file_t *file)
{
	return (file->flags & AX_O_ACCMODE) != AX_O_WRONLY && file->ops->read;
}

static bool writable(const posix_file_t *file)
{
	return (file->flags & AX_O_ACCMODE) != AX_O_RDONLY && file->ops->write;
}

/* Whether to try again after @p result: it would have blocked, and now would not. Else @p result is what to return. */
static bool may_go_on(posix_file_t *file, unsigned events, long *result)
{
	if (likely(*result != -AX_ERR_WOULD_BLOCK) || (file->flags & AX_O_NONBLOCK) || !file->readiness)
		return false;
	*result = posix_file_wait(file, events, UINT64_MAX);
	return *result == 0;
}

/* Kinds that may have to wait stay out of the way of files. */
[[gnu::noinline]] static long read_other(posix_file_t *file, void *buffer, size_t length)
{
	if (!readable(file))
		return -AX_ERR_BAD_HANDLE;
	long result;
	do
		result = file->ops->read(file, buffer, length);
	while (may_go_on(file, AX_POLLIN, &result));
	return result;
}

/* What is blocking writes all, as far as the kind has room in the end; an error after some bytes is met next time. */
[[gnu::noinline]] static long write_other(posix_file_t *file, const void *buffer, size_t length)
{
	size_t total = 0;
	if (!writable(file))
		return -AX_ERR_BAD_HANDLE;
	for (;;) {
		long result = file->ops->write(file, (const char *)buffer + total, length - total);
		if (result > 0 || (result == 0 && !length)) {
			total += (size_t)result;
			if (total == length || (file->flags & AX_O_NONBLOCK) || !file->readiness)
				return (long)total;
			continue;
		}
		if (!may_go_on(file, AX_POLLOUT, &result))
			return total ? (long)total : result;
	}
}

static AX_ALWAYS_INLINE long read_file(posix_file_t *file, void *buffer, size_t length)
{
	return likely(posix_is_vfs(file)) ? posix_vfs_read(file, buffer, length) : read_other(file, buffer, length);
}

static AX_ALWAYS_INLINE long write_file(posix_file_t *file, const void *buffer, size_t length)
{
	return likely(posix_is_vfs(file)) ? posix_vfs_write(file, buffer, length) : write_other(file, buffer, length);
}

long posix_file_read(posix_file_t *file, void *buffer, size_t length)
{
	return read_file(file, buffer, length);
}

long posix_file_write(posix_file_t *file, const void *buffer, size_t length)
{
	return write_file(file, buffer, length);
}

long ax_sys_read(int fd, void *buffer, size_t length)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return likely(file) ? read_file(file, buffer, length) : -AX_ERR_BAD_HANDLE;
}

long ax_sys_write(int fd, const void *buffer, size_t length)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return likely(file) ? write_file(file, buffer, length) : -AX_ERR_BAD_HANDLE;
}

/* One buffer after the other until one falls short; an error after some bytes is theirs to meet next time. What is there
 * after the first buffer is taken, but not waited for. */
static long one_by_one(posix_file_t *file, const struct ax_iovec *vector, int count, bool reading)
{
	long total = 0;
	for (int i = 0; i < count; i++) {
		if (!vector[i].length)
			continue;
		long done = !reading ? posix_file_write(file, vector[i].base, vector[i].length)
			  : total    ? file->ops->read(file, vector[i].base, vector[i].length)
				     : posix_file_read(file, vector[i].base, vector[i].length);
		if (done < 0)
			return total ? total : done;
		total += done;
		if ((size_t)done < vector[i].length)
			break;
	}
	return total;
}

static long vectored(posix_file_t *file, const struct ax_iovec *vector, int count, bool reading)
{
	if (!(reading ? readable(file) : writable(file)))
		return -AX_ERR_BAD_HANDLE;
	long (*whole)(posix_file_t *, const struct ax_iovec *, int) = reading ? file->ops->readv : file->ops->writev;
	if (!whole)
		return one_by_one(file, vector, count, reading);
	long result;
	do
		result = whole(file, vector, count);
	while (may_go_on(file, reading ? AX_POLLIN : AX_POLLOUT, &result));
	return result;
}

/* The bytes of @p vector, or -EINVAL: too many pieces, or more than a result can tell. */
static long length_of(const struct ax_iovec *vector, int count)
{
	long total = 0;
	if (count < 0 || count > AX_IOV_MAX)
		return -AX_ERR_INVALID_INPUT;
	for (int i = 0; i < count; i++) {
		if (vector[i].length > INT64_MAX || __builtin_add_overflow(total, (long)vector[i].length, &total))
			return -AX_ERR_INVALID_INPUT;
	}
	return total;
}

static long vectored_call(int fd, const struct ax_iovec *vector, int count, bool reading)
{
	const long length = length_of(vector, count);
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	return length < 0 ? length : vectored(file, vector, count, reading);
}

long ax_sys_readv(int fd, const struct ax_iovec *vector, int count)
{
	POSIX_CALL();
	return vectored_call(fd, vector, count, true);
}

long ax_sys_writev(int fd, const struct ax_iovec *vector, int count)
{
	POSIX_CALL();
	return vectored_call(fd, vector, count, false);
}

static long at_offset(int fd, void *buffer, size_t length, int64_t offset, bool reading)
{
	if (offset < 0)
		return -AX_ERR_INVALID_INPUT;
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	if (!(reading ? file->ops->pread != NULL : file->ops->pwrite != NULL))
		return file->ops->read == NULL && file->ops->write == NULL ? -AX_ERR_BAD_HANDLE : -AX_ERR_ILLEGAL_SEEK;
	if (!(reading ? readable(file) : writable(file)))
		return -AX_ERR_BAD_HANDLE;
	return reading ? file->ops->pread(file, buffer, length, (uint64_t)offset)
		       : file->ops->pwrite(file, buffer, length, (uint64_t)offset);
}

long ax_sys_pread64(int fd, void *buffer, size_t length, int64_t offset)
{
	POSIX_CALL();
	return at_offset(fd, buffer, length, offset, true);
}

long ax_sys_pwrite64(int fd, const void *buffer, size_t length, int64_t offset)
{
	POSIX_CALL();
	return at_offset(fd, (void *)(uintptr_t)buffer, length, offset, false);
}

static long vectored_at(int fd, const struct ax_iovec *vector, int count, int64_t offset, bool reading)
{
	long total = length_of(vector, count);
	for (int i = 0; total >= 0 && i < count; i++) {
		if (i == 0)
			total = 0;
		long done = at_offset(fd, vector[i].base, vector[i].length, offset + total, reading);
		if (done < 0)
			return total ? total : done;
		total += done;
		if ((size_t)done < vector[i].length)
			break;
	}
	return total;
}

/* The offset comes in two halves, of which a 64-bit machine needs the first alone. */
long ax_sys_preadv(int fd, const struct ax_iovec *vector, int count, int64_t offset, [[maybe_unused]] long high)
{
	POSIX_CALL();
	return vectored_at(fd, vector, count, offset, true);
}

long ax_sys_pwritev(int fd, const struct ax_iovec *vector, int count, int64_t offset, [[maybe_unused]] long high)
{
	POSIX_CALL();
	return vectored_at(fd, vector, count, offset, false);
}

/* One piece from file to file; where there is no offset the position moves by what was sent. */
static long send_piece(posix_file_t *out, posix_file_t *in, const int64_t *offset, void *buffer, size_t bytes)
{
	const long count = offset ? in->ops->pread(in, buffer, bytes, (uint64_t)*offset) : posix_file_read(in, buffer, bytes);
	if (count <= 0)
		return count;
	const long done = posix_file_write(out, buffer, (size_t)count);
	const long unsent = done < 0 ? count : count - done;
	if (unsent && !offset)
		(void)in->ops->seek(in, -unsent, AX_SEEK_CUR);
	return done;
}

/* Through memory of our own: an error after some bytes is met next time. */
static long send_file(posix_file_t *out, posix_file_t *in, int64_t *offset, size_t bytes)
{
	enum { PIECE = 65536 };
	char *buffer = axalloc_alloc(AX_MIN(bytes, (size_t)PIECE), 0);
	long total = 0, done = 0;
	if (!buffer)
		return -AX_ERR_NO_MEMORY;
	while ((size_t)total < bytes) {
		const size_t piece = AX_MIN(bytes - (size_t)total, (size_t)PIECE);
		done = send_piece(out, in, offset, buffer, piece);
		if (done <= 0)
			break;
		total += done;
		if (offset)
			*offset += done;
		if ((size_t)done < piece)
			break;
	}
	axalloc_free(buffer);
	return total ? total : done;
}

long ax_sys_sendfile(int out_fd, int in_fd, int64_t *offset, size_t bytes)
{
	enum { MOST = 0x7ffff000 }; /* as much as a result may tell, on Linux */
	POSIX_CALL();
	POSIX_FILE(out, out_fd);
	POSIX_FILE(in, in_fd);
	if (!out || !in || !readable(in) || !writable(out))
		return -AX_ERR_BAD_HANDLE;
	if (!in->ops->pread || !in->ops->seek || (out->flags & AX_O_APPEND) || (offset && *offset < 0))
		return -AX_ERR_INVALID_INPUT;
	return bytes ? send_file(out, in, offset, AX_MIN(bytes, (size_t)MOST)) : 0;
}

long ax_sys_lseek(int fd, int64_t offset, int whence)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	return file->ops->seek ? file->ops->seek(file, offset, whence) : -AX_ERR_ILLEGAL_SEEK;
}

long ax_sys_fstat(int fd, struct ax_stat *stat)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return file ? file->ops->stat(file, stat) : -AX_ERR_BAD_HANDLE;
}

long ax_sys_ioctl(int fd, unsigned long request, void *argument)
{
	switch (request) {
	case AX_FIOCLEX:
	case AX_FIONCLEX:
		return ax_sys_fcntl(fd, AX_F_SETFD, request == AX_FIOCLEX ? AX_FD_CLOEXEC : 0);
	case AX_FIONBIO: {
		const long flags = ax_sys_fcntl(fd, AX_F_GETFL, 0);
		if (flags < 0)
			return flags;
		return ax_sys_fcntl(fd, AX_F_SETFL, (unsigned long)(*(int *)argument ? flags | AX_O_NONBLOCK
											: flags & ~AX_O_NONBLOCK));
	}
	default:
		break;
	}
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	return file->ops->ioctl ? file->ops->ioctl(file, request, argument) : -AX_ERR_NOT_A_TERMINAL;
}

long ax_sys_getdents64(int fd, void *buffer, size_t length)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	return file->ops->getdents ? file->ops->getdents(file, buffer, length) : -AX_ERR_NOT_A_DIRECTORY;
}

long posix_broken_pipe(void)
{
	posix_signal_t signal = { .number = AX_SIGPIPE, .code = AX_SI_USER, .from = 1 };
	(void)posix_signal_send(&ax_posix_self, &ax_posix_self, &signal); /* is lost if one is pending */
	return -AX_ERR_BROKEN_PIPE;
}
