/* SPDX-License-Identifier: Apache-2.0 */
/* Names: making, removing, renaming, linking; the current directory. Each call finds its place and asks axfs. */
#include "vfs.h"

#include <axfs/axfs.h>
#include <posix_api/syscalls.h>

long ax_sys_mkdirat(int directory, const char *path, unsigned mode)
{
	POSIX_CALL();
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error : posix_result(ax_path_make_directory_at(place.directory, path, mode & 07777));
}

long ax_sys_mkdir(const char *path, unsigned mode)
{
	return ax_sys_mkdirat(AX_AT_FDCWD, path, mode);
}

long ax_sys_mknodat(int directory, const char *path, unsigned mode, unsigned long device)
{
	POSIX_CALL();
	POSIX_PLACE(place, directory, path);
	if (!(mode & VFS_TYPE_MASK))
		mode |= VFS_REGULAR;
	return place.error ? place.error : posix_result(ax_path_make_node_at(place.directory, path, mode, device));
}

long ax_sys_mknod(const char *path, unsigned mode, unsigned long device)
{
	return ax_sys_mknodat(AX_AT_FDCWD, path, mode, device);
}

long ax_sys_unlinkat(int directory, const char *path, int flags)
{
	POSIX_CALL();
	if (flags & ~AX_AT_REMOVEDIR)
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	const uint32_t how = flags & AX_AT_REMOVEDIR ? AX_PATH_DIRECTORY : 0;
	return place.error ? place.error : posix_result(ax_path_unlink_at(place.directory, path, how));
}

long ax_sys_unlink(const char *path)
{
	return ax_sys_unlinkat(AX_AT_FDCWD, path, 0);
}

long ax_sys_rmdir(const char *path)
{
	return ax_sys_unlinkat(AX_AT_FDCWD, path, AX_AT_REMOVEDIR);
}

long ax_sys_renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned flags)
{
	POSIX_CALL();
	if (flags & ~(unsigned)AX_RENAME_NOREPLACE)
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(old, old_directory, old_path);
	POSIX_PLACE(new, new_directory, new_path);
	if (old.error || new.error)
		return old.error ? old.error : new.error;
	const uint32_t how = flags & AX_RENAME_NOREPLACE ? AX_PATH_NO_REPLACE : 0;
	return posix_result(ax_path_rename_at(old.directory, old_path, new.directory, new_path, how));
}

long ax_sys_renameat(int old_directory, const char *old_path, int new_directory, const char *new_path)
{
	return ax_sys_renameat2(old_directory, old_path, new_directory, new_path, 0);
}

long ax_sys_rename(const char *from, const char *to)
{
	return ax_sys_renameat2(AX_AT_FDCWD, from, AX_AT_FDCWD, to, 0);
}

long ax_sys_linkat(int old_directory, const char *old_path, int new_directory, const char *new_path, int flags)
{
	POSIX_CALL();
	if (flags & ~(AX_AT_SYMLINK_FOLLOW | AX_AT_EMPTY_PATH))
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(old, old_directory, old_path);
	POSIX_PLACE(new, new_directory, new_path);
	if (old.error || new.error)
		return old.error ? old.error : new.error;
	const uint32_t how = (flags & AX_AT_SYMLINK_FOLLOW ? AX_PATH_FOLLOW : 0) | posix_path_flags(flags);
	return posix_result(ax_path_link_at(old.directory, old_path, new.directory, new_path, how));
}

long ax_sys_link(const char *old_path, const char *new_path)
{
	return ax_sys_linkat(AX_AT_FDCWD, old_path, AX_AT_FDCWD, new_path, 0);
}

long ax_sys_symlinkat(const char *target, int directory, const char *path)
{
	POSIX_CALL();
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error : posix_result(ax_path_symlink_at(target, place.directory, path));
}

long ax_sys_symlink(const char *target, const char *path)
{
	return ax_sys_symlinkat(target, AX_AT_FDCWD, path);
}

long ax_sys_readlinkat(int directory, const char *path, char *buffer, size_t capacity)
{
	size_t bytes;
	POSIX_CALL();
	if (!capacity)
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	if (place.error)
		return place.error;
	const ax_err_t error = ax_path_read_link_at(place.directory, path, buffer, capacity, &bytes);
	return error == AX_OK ? (long)bytes : posix_result(error);
}

long ax_sys_readlink(const char *path, char *buffer, size_t capacity)
{
	return ax_sys_readlinkat(AX_AT_FDCWD, path, buffer, capacity);
}

long ax_sys_faccessat2(int directory, const char *path, int mode, int flags)
{
	POSIX_CALL();
	if ((mode & ~7) || (flags & ~(AX_AT_EACCESS | AX_AT_SYMLINK_NOFOLLOW | AX_AT_EMPTY_PATH)))
		return -AX_ERR_INVALID_INPUT;
	POSIX_PLACE(place, directory, path);
	return place.error ? place.error
			   : posix_result(ax_path_access_at(place.directory, path, posix_path_flags(flags), (uint32_t)mode));
}

long ax_sys_faccessat(int directory, const char *path, int mode)
{
	return ax_sys_faccessat2(directory, path, mode, 0);
}

long ax_sys_access(const char *path, int mode)
{
	return ax_sys_faccessat2(AX_AT_FDCWD, path, mode, 0);
}

long ax_sys_chdir(const char *path)
{
	POSIX_CALL();
	return posix_result(ax_path_change(path));
}

long ax_sys_fchdir(int fd)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	return posix_is_vfs(file) ? posix_result(ax_path_change_to(&file->file)) : -AX_ERR_NOT_A_DIRECTORY;
}

/* With its NUL counted, as Linux does. */
long ax_sys_getcwd(char *buffer, size_t length)
{
	size_t bytes;
	POSIX_CALL();
	const ax_err_t error = ax_path_current(buffer, length, &bytes);
	return error == AX_OK ? (long)bytes + 1 : posix_result(error);
}

long ax_sys_umask(unsigned mask)
{
	POSIX_CALL();
	return axfs_set_mask(mask & 0777);
}
