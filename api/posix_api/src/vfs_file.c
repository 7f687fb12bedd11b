/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of axfs as open files: an ax_file_t lies in the open file, and reading is one call of axfs. The position is moved by
 * one thread at a time (POSIX.1-2017, XSH 2.9.7).
 */
#include "vfs.h"

#include "fifo.h"

#include <axfs/dir.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

long posix_vfs_read(posix_file_t *file, void *buffer, size_t length)
{
	size_t done;
	if (unlikely(posix_shared_mappings))
		posix_mappings_before_read(file);
	POSIX_LOCK(&file->position_lock);
	const ax_err_t error = ax_file_read(&file->file, buffer, length, &done);
	return likely(error == AX_OK) ? (long)done : posix_result(error);
}

long posix_vfs_write(posix_file_t *file, const void *buffer, size_t length)
{
	size_t done;
	POSIX_LOCK(&file->position_lock);
	const ax_err_t error = ax_file_write(&file->file, buffer, length, &done);
	if (unlikely(posix_shared_mappings))
		posix_mappings_after_write(file, file->file.position - done, done);
	return likely(error == AX_OK) ? (long)done : posix_result(error);
}

_Static_assert(sizeof(struct ax_iovec) == sizeof(ax_piece_t) &&
	       offsetof(struct ax_iovec, length) == offsetof(ax_piece_t, bytes), "an iovec is a piece");

static long vfs_readv(posix_file_t *file, const struct ax_iovec *vector, int count)
{
	size_t done;
	if (posix_shared_mappings)
		posix_mappings_before_read(file);
	POSIX_LOCK(&file->position_lock);
	const ax_err_t error = ax_file_read_pieces(&file->file, (const ax_piece_t *)vector, (size_t)count, &done);
	return error == AX_OK ? (long)done : posix_result(error);
}

static long vfs_writev(posix_file_t *file, const struct ax_iovec *vector, int count)
{
	size_t done;
	POSIX_LOCK(&file->position_lock);
	const ax_err_t error = ax_file_write_pieces(&file->file, (const ax_piece_t *)vector, (size_t)count, &done);
	if (posix_shared_mappings)
		posix_mappings_after_write(file, file->file.position - done, done);
	return error == AX_OK ? (long)done : posix_result(error);
}

static long vfs_pread(posix_file_t *file, void *buffer, size_t length, uint64_t offset)
{
	size_t done;
	if (posix_shared_mappings)
		posix_mappings_before_read(file);
	const ax_err_t error = ax_file_read_at(&file->file, buffer, length, offset, &done);
	return error == AX_OK ? (long)done : posix_result(error);
}

static long vfs_pwrite(posix_file_t *file, const void *buffer, size_t length, uint64_t offset)
{
	size_t done;
	const ax_err_t error = ax_file_write_at(&file->file, buffer, length, offset, &done);
	if (posix_shared_mappings)
		posix_mappings_after_write(file, offset, done);
	return error == AX_OK ? (long)done : posix_result(error);
}

static long vfs_seek(posix_file_t *file, int64_t offset, int whence)
{
	uint64_t position;
	if (whence < AX_SEEK_SET || whence > AX_SEEK_HOLE)
		return -AX_ERR_INVALID_INPUT;
	POSIX_LOCK(&file->position_lock);
	if (vfs_is_directory(file->file.node) && whence == AX_SEEK_SET && offset >= 0) {
		file->file.position = (uint64_t)offset; /* a cookie of getdents64() */
		return offset;
	}
	const ax_err_t error = ax_file_seek(&file->file, offset, (ax_seek_t)whence, &position);
	if (error == AX_ERR_NOT_FOUND)
		return -AX_ERR_NO_SUCH_ADDRESS;
	return error == AX_OK ? (long)position : posix_result(error);
}
_Static_assert((int)AX_SEEK_FROM_START == AX_SEEK_SET && (int)AX_SEEK_FROM_POSITION == AX_SEEK_CUR &&
	       (int)AX_SEEK_FROM_END == AX_SEEK_END && (int)AX_SEEK_DATA_FROM == AX_SEEK_DATA &&
	       (int)AX_SEEK_HOLE_FROM == AX_SEEK_HOLE, "axfs counts as lseek(2) does");

static long vfs_stat(posix_file_t *file, struct ax_stat *stat)
{
	ax_stat_t from;
	const ax_err_t error = ax_file_stat(&file->file, &from);
	if (error == AX_OK)
		*stat = posix_stat_of(&from);
	return posix_result(error);
}

static long vfs_ioctl(posix_file_t *file, unsigned long request, void *argument)
{
	ax_stat_t stat;
	if (request != AX_FIONREAD)
		return posix_result(ax_file_control(&file->file, request, argument));
	const ax_err_t error = ax_file_stat(&file->file, &stat);
	if (error == AX_OK)
		*(int *)argument = stat.size > file->file.position ? (int)(stat.size - file->file.position) : 0;
	return posix_result(error);
}

/* Entries as getdents64(2) lays them out, each at a multiple of 8 bytes. */
typedef struct listing {
	char *buffer;
	size_t length, used;
	bool full;
} listing_t;

static bool emit(void *context, const vfs_entry_t *entry)
{
	listing_t *listing = context;
	const size_t bytes = (offsetof(struct ax_dirent64, d_name) + entry->name_bytes + 1 + 7) & ~(size_t)7;
	if (bytes > listing->length - listing->used) {
		listing->full = true;
		return false;
	}
	struct ax_dirent64 *to = (struct ax_dirent64 *)(listing->buffer + listing->used);
	to->d_ino = entry->number;
	to->d_off = (int64_t)entry->next;
	to->d_reclen = (uint16_t)bytes;
	to->d_type = (uint8_t)(entry->type >> 12); /* DT_REG ... are the types of a mode without their twelve low bits */
	memcpy(to->d_name, entry->name, entry->name_bytes);
	to->d_name[entry->name_bytes] = 0;
	listing->used += bytes;
	return true;
}

static long vfs_getdents(posix_file_t *file, void *buffer, size_t length)
{
	listing_t listing = { .buffer = buffer, .length = length };
	POSIX_LOCK(&file->position_lock);
	const ax_err_t error = ax_dir_walk(&file->file, emit, &listing);
	if (error != AX_OK)
		return posix_result(error);
	return listing.full && !listing.used ? -AX_ERR_INVALID_INPUT : (long)listing.used;
}

static long vfs_fcntl(posix_file_t *file, int command, unsigned long argument)
{
	return posix_lock_records(file, command, (struct ax_flock *)argument);
}

static void vfs_set_flags(posix_file_t *file, int flags)
{
	POSIX_LOCK(&file->position_lock);
	const uint32_t before = file->file.flags & ~(uint32_t)(AX_OPEN_APPEND | AX_OPEN_NO_ACCESS_TIME);
	file->file.flags = before | (flags & AX_O_APPEND ? AX_OPEN_APPEND : 0) |
			   (flags & AX_O_NOATIME ? AX_OPEN_NO_ACCESS_TIME : 0);
}

static void vfs_release(posix_file_t *file)
{
	posix_unlock_all(file);
	ax_file_close(&file->file);
}

const posix_file_ops_t posix_vfs_ops = {
	.read = posix_vfs_read, .write = posix_vfs_write, .readv = vfs_readv, .writev = vfs_writev,
	.pread = vfs_pread, .pwrite = vfs_pwrite, .seek = vfs_seek, .stat = vfs_stat, .ioctl = vfs_ioctl,
	.getdents = vfs_getdents, .fcntl = vfs_fcntl, .set_flags = vfs_set_flags, .release = vfs_release,
};

/* Opening */

static uint32_t open_flags(int flags)
{
	static const struct {
		int posix;
		uint32_t axfs;
	} names[] = {
		{ AX_O_CREAT, AX_OPEN_CREATE },		{ AX_O_EXCL, AX_OPEN_EXCLUSIVE },
		{ AX_O_TRUNC, AX_OPEN_TRUNCATE },	{ AX_O_APPEND, AX_OPEN_APPEND },
		{ AX_O_DIRECTORY, AX_OPEN_DIRECTORY },	{ AX_O_NOFOLLOW, AX_OPEN_NO_FOLLOW },
		{ AX_O_SYNC, AX_OPEN_SYNC },		{ AX_O_DSYNC, AX_OPEN_DATA_SYNC },
		{ AX_O_NOATIME, AX_OPEN_NO_ACCESS_TIME },
	};
	enum {
		NAMED = AX_O_CREAT | AX_O_EXCL | AX_O_TRUNC | AX_O_APPEND | AX_O_DIRECTORY | AX_O_NOFOLLOW | AX_O_SYNC |
			AX_O_DSYNC | AX_O_NOATIME,
	};
	if (flags & AX_O_PATH)
		return AX_OPEN_PATH | (flags & AX_O_DIRECTORY ? AX_OPEN_DIRECTORY : 0) |
		       (flags & AX_O_NOFOLLOW ? AX_OPEN_NO_FOLLOW : 0);
	const int access = flags & AX_O_ACCMODE;
	uint32_t result = access == AX_O_RDONLY ? AX_OPEN_READ : access == AX_O_WRONLY ? AX_OPEN_WRITE : AX_OPEN_READ_WRITE;
	if (likely(!(flags & NAMED)))
		return result;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if ((flags & names[i].posix) == names[i].posix)
			result |= names[i].axfs;
	if (!(result & AX_OPEN_CREATE)) /* of no effect, POSIX.1-2017, XSH open() */
		result &= ~(uint32_t)AX_OPEN_EXCLUSIVE;
	if (!(result & AX_OPEN_WRITE))
		result &= ~(uint32_t)AX_OPEN_TRUNCATE;
	return result;
}

/* The console's node stands for the console of this program, with its line discipline. */
static bool is_console(const vfs_node_t *node)
{
	enum { TTY = 0x500, CONSOLE = 0x501 };
	return vfs_type(node) == VFS_CHARACTER_DEVICE && (node->device == TTY || node->device == CONSOLE);
}

static long open_at(const ax_file_t *directory, const char *path, int flags, unsigned mode)
{
	posix_file_t *file = posix_file_new(&posix_vfs_ops, flags & ~(AX_O_CREAT | AX_O_EXCL | AX_O_TRUNC));
	if (!file)
		return -AX_ERR_NO_MEMORY;
	const ax_err_t error = ax_file_open_at(directory, path, open_flags(flags), mode, &file->file);
	if (error != AX_OK) {
		posix_file_put(file);
		return posix_result(error);
	}
	const uint32_t type = vfs_type(file->file.node);
	long failure = type == VFS_SOCKET && !(flags & AX_O_PATH) ? -AX_ERR_NO_SUCH_ADDRESS : 0;
	if (type == VFS_PIPE && !(flags & AX_O_PATH))
		failure = posix_fifo_open(file);
	if (failure) {
		posix_file_put(file);
		return failure;
	}
	if (is_console(file->file.node) && !(flags & AX_O_PATH)) {
		ax_file_close(&file->file);
		file->ops = &posix_console_ops;
		file->readiness = &posix_console_readiness;
	}
	return posix_descriptor_install(file, 0, flags);
}

long ax_sys_openat(int directory, const char *path, int flags, unsigned mode)
{
	POSIX_CALL();
	if ((flags & AX_O_ACCMODE) == AX_O_ACCMODE)
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error : open_at(place.directory, path, flags, mode);
}

long ax_sys_open(const char *path, int flags, unsigned mode)
{
	return ax_sys_openat(AX_AT_FDCWD, path, flags, mode);
}

long ax_sys_creat(const char *path, unsigned mode)
{
	return ax_sys_openat(AX_AT_FDCWD, path, AX_O_WRONLY | AX_O_CREAT | AX_O_TRUNC, mode);
}
