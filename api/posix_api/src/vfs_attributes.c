/* SPDX-License-Identifier: Apache-2.0 */
/* What files are: stat in its forms, modes, owners, times, sizes, and the file systems that they lie in. */
#include "vfs.h"

#include <axfs/axfs.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

static struct ax_timespec to_timespec(int64_t ns)
{
	int64_t seconds = ns / (int64_t)AX_NS_PER_SEC, rest = ns % (int64_t)AX_NS_PER_SEC;
	if (rest < 0) { /* before 1970 */
		rest += (int64_t)AX_NS_PER_SEC;
		seconds--;
	}
	return (struct ax_timespec){ seconds, rest };
}

struct ax_stat posix_stat_of(const ax_stat_t *from)
{
	return (struct ax_stat){
		.st_dev = from->file_system,
		.st_ino = from->number,
		.st_nlink = from->links,
		.st_mode = from->mode,
		.st_uid = from->uid,
		.st_gid = from->gid,
		.st_rdev = from->device,
		.st_size = (int64_t)from->size,
		.st_blksize = from->block_bytes,
		.st_blocks = (int64_t)from->blocks,
		.st_atim = to_timespec(from->accessed_ns),
		.st_mtim = to_timespec(from->modified_ns),
		.st_ctim = to_timespec(from->changed_ns),
	};
}

/* Other files than axfs's have no creation time: 0. */
static ax_stat_t from_stat(const struct ax_stat *stat)
{
	return (ax_stat_t){
		.number = stat->st_ino, .links = (uint32_t)stat->st_nlink, .mode = stat->st_mode, .device = stat->st_rdev,
		.block_bytes = (uint32_t)stat->st_blksize,
	};
}

/* Of the file at @p path, or, with AT_EMPTY_PATH, of the descriptor, whatever it is. */
static long stat_at(int directory, const char *path, int flags, ax_stat_t *stat)
{
	POSIX_PLACE(place, directory, path);
	if (place.file && !posix_is_vfs(place.file) && !*path && (flags & AX_AT_EMPTY_PATH)) {
		struct ax_stat other;
		const long error = place.file->ops->stat(place.file, &other);
		*stat = from_stat(&other);
		return error;
	}
	return place.error ? place.error
			   : posix_result(ax_path_stat_at(place.directory, path, posix_path_flags(flags), stat));
}

long ax_sys_newfstatat(int directory, const char *path, struct ax_stat *stat, int flags)
{
	ax_stat_t from;
	POSIX_CALL();
	if (flags & ~(AX_AT_SYMLINK_NOFOLLOW | AX_AT_EMPTY_PATH | AX_AT_NO_AUTOMOUNT))
		return -AX_ERR_INVALID_INPUT;
	const long error = stat_at(directory, path, flags, &from);
	if (!error)
		*stat = posix_stat_of(&from);
	return error;
}

long ax_sys_stat(const char *path, struct ax_stat *stat)
{
	return ax_sys_newfstatat(AX_AT_FDCWD, path, stat, 0);
}

long ax_sys_lstat(const char *path, struct ax_stat *stat)
{
	return ax_sys_newfstatat(AX_AT_FDCWD, path, stat, AX_AT_SYMLINK_NOFOLLOW);
}

static struct ax_statx_timestamp to_timestamp(int64_t ns)
{
	const struct ax_timespec time = to_timespec(ns);
	return (struct ax_statx_timestamp){ .tv_sec = time.tv_sec, .tv_nsec = (uint32_t)time.tv_nsec };
}

long ax_sys_statx(int directory, const char *path, int flags, unsigned mask, struct ax_statx *statx)
{
	enum { BASIC_STATS = 0x7ff, BTIME = 0x800 };
	ax_stat_t from;
	POSIX_CALL();
	if ((mask & 0x80000000U) ||
	    (flags & ~(AX_AT_SYMLINK_NOFOLLOW | AX_AT_EMPTY_PATH | AX_AT_NO_AUTOMOUNT | AX_AT_STATX_SYNC_TYPE)))
		return -AX_ERR_INVALID_INPUT;
	const long error = stat_at(directory, path, flags, &from);
	if (error)
		return error;
	*statx = (struct ax_statx){
		.stx_mask = BASIC_STATS | (from.created_ns ? BTIME : 0),
		.stx_blksize = from.block_bytes,
		.stx_nlink = from.links,
		.stx_uid = from.uid,
		.stx_gid = from.gid,
		.stx_mode = (uint16_t)from.mode,
		.stx_ino = from.number,
		.stx_size = from.size,
		.stx_blocks = from.blocks,
		.stx_atime = to_timestamp(from.accessed_ns),
		.stx_btime = to_timestamp(from.created_ns),
		.stx_ctime = to_timestamp(from.changed_ns),
		.stx_mtime = to_timestamp(from.modified_ns),
		.stx_rdev_major = (uint32_t)(from.device >> 8 & 0xfff),
		.stx_rdev_minor = (uint32_t)(from.device & 0xff),
		.stx_dev_minor = (uint32_t)from.file_system,
	};
	return 0;
}

/* Modes and owners */

long ax_sys_fchmodat2(int directory, const char *path, unsigned mode, int flags)
{
	POSIX_CALL();
	if (flags & ~(AX_AT_SYMLINK_NOFOLLOW | AX_AT_EMPTY_PATH))
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error
			   : posix_result(ax_path_set_mode_at(place.directory, path, posix_path_flags(flags), mode & 07777));
}

long ax_sys_fchmodat(int directory, const char *path, unsigned mode)
{
	return ax_sys_fchmodat2(directory, path, mode, 0);
}

long ax_sys_chmod(const char *path, unsigned mode)
{
	return ax_sys_fchmodat2(AX_AT_FDCWD, path, mode, 0);
}

/* What is done to an open file that must be one of axfs; else @p other. */
#define POSIX_VFS_FILE(name, fd, other)                                                            \
	POSIX_FILE(name, fd);                                                                      \
	if (!(name))                                                                               \
		return -AX_ERR_BAD_HANDLE;                                                         \
	if (!posix_is_vfs(name))                                                                   \
	return other

long ax_sys_fchmod(int fd, unsigned mode)
{
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_INVALID_INPUT);
	return posix_result(ax_file_set_mode(&file->file, mode & 07777));
}

long ax_sys_fchownat(int directory, const char *path, unsigned uid, unsigned gid, int flags)
{
	POSIX_CALL();
	if (flags & ~(AX_AT_SYMLINK_NOFOLLOW | AX_AT_EMPTY_PATH))
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error
			   : posix_result(ax_path_set_owner_at(place.directory, path, posix_path_flags(flags), uid, gid));
}

long ax_sys_chown(const char *path, unsigned uid, unsigned gid)
{
	return ax_sys_fchownat(AX_AT_FDCWD, path, uid, gid, 0);
}

long ax_sys_lchown(const char *path, unsigned uid, unsigned gid)
{
	return ax_sys_fchownat(AX_AT_FDCWD, path, uid, gid, AX_AT_SYMLINK_NOFOLLOW);
}

long ax_sys_fchown(int fd, unsigned uid, unsigned gid)
{
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_INVALID_INPUT);
	return posix_result(ax_file_set_owner(&file->file, uid, gid));
}

/* Times */

static bool to_ns(const struct ax_timespec *time, int64_t *ns)
{
	if (time->tv_nsec == AX_UTIME_NOW || time->tv_nsec == AX_UTIME_OMIT) {
		*ns = time->tv_nsec == AX_UTIME_NOW ? AX_TIME_NOW : AX_TIME_KEEP;
		return true;
	}
	return time->tv_nsec >= 0 && time->tv_nsec < (int64_t)AX_NS_PER_SEC &&
	       !__builtin_mul_overflow(time->tv_sec, (int64_t)AX_NS_PER_SEC, ns) &&
	       !__builtin_add_overflow(*ns, time->tv_nsec, ns);
}

static long set_times(int directory, const char *path, int64_t accessed_ns, int64_t modified_ns, int flags)
{
	if (!path) { /* of the descriptor itself */
		POSIX_VFS_FILE(file, directory, -AX_ERR_INVALID_INPUT);
		return posix_result(ax_file_set_times(&file->file, accessed_ns, modified_ns));
	}
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error
			   : posix_result(ax_path_set_times_at(place.directory, path, posix_path_flags(flags), accessed_ns,
							       modified_ns));
}

long ax_sys_utimensat(int directory, const char *path, const struct ax_timespec *times, int flags)
{
	int64_t accessed_ns = AX_TIME_NOW, modified_ns = AX_TIME_NOW;
	POSIX_CALL();
	if (times && (!to_ns(&times[0], &accessed_ns) || !to_ns(&times[1], &modified_ns)))
		return -AX_ERR_INVALID_INPUT;
	if (accessed_ns == AX_TIME_KEEP && modified_ns == AX_TIME_KEEP)
		return 0;
	return set_times(directory, path, accessed_ns, modified_ns, flags);
}

/* Sizes */

static long resized(ax_err_t error)
{
	if (error == AX_OK && posix_shared_mappings)
		posix_mappings_resized();
	return posix_result(error);
}

long ax_sys_truncate(const char *path, int64_t size)
{
	POSIX_CALL();
	return size < 0 ? -AX_ERR_INVALID_INPUT : resized(ax_path_truncate(path, (uint64_t)size));
}

long ax_sys_ftruncate(int fd, int64_t size)
{
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_INVALID_INPUT);
	if (size < 0 || (file->flags & AX_O_ACCMODE) == AX_O_RDONLY)
		return -AX_ERR_INVALID_INPUT;
	return resized(ax_file_truncate(&file->file, (uint64_t)size));
}

/* No file system here allocates without writing: the file is extended, its space is not reserved. */
long ax_sys_fallocate(int fd, int mode, int64_t offset, int64_t length)
{
	enum { KEEP_SIZE = 1 };
	int64_t end;
	ax_stat_t stat;
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_NO_DEVICE);
	if (offset < 0 || length <= 0)
		return -AX_ERR_INVALID_INPUT;
	if ((file->flags & AX_O_ACCMODE) == AX_O_RDONLY)
		return -AX_ERR_BAD_HANDLE;
	if (mode & ~KEEP_SIZE)
		return -AX_ERR_NOT_SUPPORTED;
	if (__builtin_add_overflow(offset, length, &end))
		return -AX_ERR_FILE_TOO_BIG;
	const ax_err_t error = ax_file_stat(&file->file, &stat);
	if (error != AX_OK || (mode & KEEP_SIZE) || (uint64_t)end <= stat.size)
		return posix_result(error);
	return resized(ax_file_truncate(&file->file, (uint64_t)end));
}

long ax_sys_fadvise64(int fd, [[maybe_unused]] int64_t offset, int64_t length, int advice)
{
	enum { ADVICES = 6 };
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_ILLEGAL_SEEK);
	return length < 0 || advice < 0 || advice >= ADVICES ? -AX_ERR_INVALID_INPUT : 0;
}

/* Durability */

static long synchronize(int fd, bool data_only)
{
	POSIX_VFS_FILE(file, fd, -AX_ERR_INVALID_INPUT);
	if (posix_shared_mappings)
		posix_mappings_before_read(file);
	return posix_result(ax_file_sync(&file->file, data_only));
}

long ax_sys_fsync(int fd)
{
	POSIX_CALL();
	return synchronize(fd, false);
}

long ax_sys_fdatasync(int fd)
{
	POSIX_CALL();
	return synchronize(fd, true);
}

long ax_sys_sync(void)
{
	POSIX_CALL();
	(void)(axfs_sync() == AX_OK); /* sync() has no way to tell */
	return 0;
}

long ax_sys_syncfs(int fd)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	return file ? posix_result(axfs_sync()) : -AX_ERR_BAD_HANDLE;
}

/* File systems */

static struct ax_statfs statfs_of(const vfs_statfs_t *from)
{
	return (struct ax_statfs){
		.f_type = from->magic,
		.f_bsize = (int64_t)from->block_bytes,
		.f_blocks = from->blocks,
		.f_bfree = from->free_blocks,
		.f_bavail = from->available_blocks,
		.f_files = from->nodes,
		.f_ffree = from->free_nodes,
		.f_fsid = { (int32_t)from->id, (int32_t)(from->id >> 32) },
		.f_namelen = from->name_max,
		.f_frsize = (int64_t)from->block_bytes,
	};
}

long ax_sys_statfs(const char *path, struct ax_statfs *statfs)
{
	vfs_statfs_t from;
	POSIX_CALL();
	const ax_err_t error = ax_path_statfs_at(NULL, path, &from);
	if (error == AX_OK)
		*statfs = statfs_of(&from);
	return posix_result(error);
}

long ax_sys_fstatfs(int fd, struct ax_statfs *statfs)
{
	vfs_statfs_t from;
	POSIX_CALL();
	POSIX_VFS_FILE(file, fd, -AX_ERR_NOT_IMPLEMENTED);
	const ax_err_t error = ax_file_statfs(&file->file, &from);
	if (error == AX_OK)
		*statfs = statfs_of(&from);
	return posix_result(error);
}
