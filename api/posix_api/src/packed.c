/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: the files packed into the image, read-only, and /dev/console. A path is resolved by its text alone ("." and
 * ".." away), for there are no symbolic links to follow; the current directory is "/".
 */
#include "descriptor.h"

#include <axerrno/axerrno.h>
#include <axhal/boot.h>
#include <base/base.h>
#include <cpio/cpio.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum { PATH_BYTES = 1024 };

typedef struct path {
	char text[PATH_BYTES]; /* without a leading slash; "" is the root */
	size_t bytes;
} path_t;

static long parse_path(const char *path, path_t *out)
{
	out->bytes = 0;
	if (!*path)
		return -AX_ERR_NOT_FOUND;
	while (*path) {
		size_t length = 0;
		while (path[length] && path[length] != '/')
			length++;
		if (length == 2 && path[0] == '.' && path[1] == '.') {
			while (out->bytes && out->text[--out->bytes] != '/')
				;
		} else if (length && !(length == 1 && path[0] == '.')) {
			if (out->bytes + length + 1 >= PATH_BYTES)
				return -AX_ERR_NAME_TOO_LONG;
			if (out->bytes)
				out->text[out->bytes++] = '/';
			memcpy(out->text + out->bytes, path, length);
			out->bytes += length;
		}
		path += length + (path[length] == '/');
	}
	out->text[out->bytes] = 0;
	return 0;
}

/* Is @p name below directory @p path, and which part of it names the child? */
static const char *child_of(const path_t *path, const char *name, size_t name_bytes, size_t *child_bytes)
{
	const size_t skip = path->bytes ? path->bytes + 1 : 0;
	if (name_bytes <= skip || memcmp(name, path->text, path->bytes) != 0 || (skip && name[skip - 1] != '/'))
		return NULL;
	const char *slash = memchr(name + skip, '/', name_bytes - skip);
	*child_bytes = (slash ? (size_t)(slash - name) : name_bytes) - skip;
	return name + skip;
}

/* A directory may be packed as an entry, or only be there by what lies below it. */
static bool is_implied_directory(const void *archive, size_t size_bytes, const path_t *path)
{
	if (!path->bytes)
		return true;
	cpio_reader_t reader = cpio_open(archive, size_bytes);
	cpio_entry_t entry;
	while (cpio_next(&reader, &entry) == AX_OK) {
		size_t child_bytes, name_bytes = entry.name_bytes;
		const char *name = cpio_plain_name(entry.name, &name_bytes);
		if (child_of(path, name, name_bytes, &child_bytes))
			return true;
	}
	return false;
}

static long find(const path_t *path, cpio_entry_t *entry)
{
	size_t size_bytes;
	const void *archive = axhal_boot_rootfs(&size_bytes);
	if (path->bytes && cpio_find(archive, size_bytes, path->text, path->bytes, entry) == AX_OK)
		return 0;
	if (!is_implied_directory(archive, size_bytes, path))
		return -AX_ERR_NOT_FOUND;
	*entry = (cpio_entry_t){ .mode = AX_S_IFDIR | 0755, .inode = 1, .links = 2 };
	return 0;
}

static bool is_directory(uint32_t mode)
{
	return (mode & AX_S_IFMT) == AX_S_IFDIR;
}

static void fill_stat(struct ax_stat *stat, uint32_t mode, uint64_t inode, size_t size_bytes, uint32_t mtime)
{
	*stat = (struct ax_stat){
		.st_dev = 1,
		.st_ino = inode,
		.st_nlink = 1,
		.st_mode = mode & ~0222u,
		.st_size = (int64_t)size_bytes,
		.st_blksize = 4096,
		.st_blocks = (int64_t)(size_bytes / 512 + (size_bytes % 512 != 0)),
		.st_mtim = { .tv_sec = mtime },
	};
}

/* Regular files. */

static long file_pread(posix_file_t *file, void *buffer, size_t length, uint64_t offset)
{
	if (offset >= file->packed.size_bytes)
		return 0;
	const size_t count = AX_MIN(length, file->packed.size_bytes - (size_t)offset);
	memcpy(buffer, (const char *)file->packed.data + offset, count);
	return (long)count;
}

static long file_read(posix_file_t *file, void *buffer, size_t length)
{
	const long count = file_pread(file, buffer, length, file->packed.position);
	file->packed.position += (uint64_t)count;
	return count;
}

static long file_seek(posix_file_t *file, int64_t offset, int whence)
{
	int64_t base = whence == AX_SEEK_CUR ? (int64_t)file->packed.position
		     : whence == AX_SEEK_END ? (int64_t)file->packed.size_bytes : 0;
	if (whence < AX_SEEK_SET || whence > AX_SEEK_END || __builtin_add_overflow(base, offset, &base) || base < 0)
		return -AX_ERR_INVALID_INPUT;
	file->packed.position = (uint64_t)base;
	return base;
}

static long file_stat(posix_file_t *file, struct ax_stat *stat)
{
	fill_stat(stat, AX_S_IFREG | 0644, file->packed.inode, file->packed.size_bytes, 0);
	return 0;
}

static const posix_file_ops_t s_file_ops = {
	.read = file_read,
	.pread = file_pread,
	.seek = file_seek,
	.stat = file_stat,
};

/* Directories can be opened and looked at; their entries cannot be read yet. */

static long directory_read([[maybe_unused]] posix_file_t *file, [[maybe_unused]] void *buffer,
			   [[maybe_unused]] size_t length)
{
	return -AX_ERR_IS_A_DIRECTORY;
}

static long directory_stat([[maybe_unused]] posix_file_t *file, struct ax_stat *stat)
{
	fill_stat(stat, AX_S_IFDIR | 0755, 1, 0, 0);
	return 0;
}

static const posix_file_ops_t s_directory_ops = {
	.read = directory_read,
	.stat = directory_stat,
};

static long open_entry(const cpio_entry_t *entry, int flags)
{
	const bool directory = is_directory(entry->mode);
	if ((flags & AX_O_ACCMODE) != 0 || (flags & AX_O_TRUNC))
		return directory ? -AX_ERR_IS_A_DIRECTORY : -AX_ERR_READ_ONLY;
	if ((flags & AX_O_DIRECTORY) && !directory)
		return -AX_ERR_NOT_A_DIRECTORY;
	posix_file_t *file = posix_file_new(directory ? &s_directory_ops : &s_file_ops, flags);
	if (!file)
		return -AX_ERR_NO_MEMORY;
	file->packed.data = entry->data;
	file->packed.size_bytes = entry->size_bytes;
	file->packed.inode = entry->inode;
	return posix_descriptor_install(file, 0, flags);
}

static bool is_console(const path_t *path)
{
	static const char *const names[] = { "dev/console", "dev/tty", "dev/stdin", "dev/stdout", "dev/stderr" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(path->text, names[i]) == 0)
			return true;
	}
	return false;
}

long ax_sys_openat(int directory, const char *path, int flags, [[maybe_unused]] unsigned mode)
{
	path_t parsed;
	cpio_entry_t entry;

	if (directory != AX_AT_FDCWD && path[0] != '/')
		return ax_sys_missing(-2, "openat relative to a directory");
	long error = parse_path(path, &parsed);
	if (error)
		return error;
	if (is_console(&parsed)) {
		posix_file_t *file = posix_file_new(&posix_console_ops, flags);
		if (file)
			file->readiness = &posix_console_readiness;
		return posix_descriptor_install(file, 0, flags);
	}
	error = find(&parsed, &entry);
	if (error)
		return flags & AX_O_CREAT ? -AX_ERR_READ_ONLY : error;
	return open_entry(&entry, flags);
}

long ax_sys_open(const char *path, int flags, unsigned mode)
{
	return ax_sys_openat(AX_AT_FDCWD, path, flags, mode);
}

long ax_sys_newfstatat(int directory, const char *path, struct ax_stat *stat, int flags)
{
	path_t parsed;
	cpio_entry_t entry;

	if (!*path && (flags & AX_AT_EMPTY_PATH))
		return ax_sys_fstat(directory, stat);
	if (directory != AX_AT_FDCWD && path[0] != '/')
		return ax_sys_missing(-2, "stat relative to a directory");
	long error = parse_path(path, &parsed);
	if (error)
		return error;
	if (is_console(&parsed)) {
		*stat = (struct ax_stat){ .st_nlink = 1, .st_mode = AX_S_IFCHR | 0620, .st_blksize = 1024 };
		return 0;
	}
	error = find(&parsed, &entry);
	if (!error)
		fill_stat(stat, entry.mode, entry.inode, entry.size_bytes, entry.mtime);
	return error;
}

long ax_sys_stat(const char *path, struct ax_stat *stat)
{
	return ax_sys_newfstatat(AX_AT_FDCWD, path, stat, 0);
}

long ax_sys_lstat(const char *path, struct ax_stat *stat)
{
	return ax_sys_newfstatat(AX_AT_FDCWD, path, stat, 0);
}

long ax_sys_faccessat(int directory, const char *path, int mode)
{
	enum { WRITING = 2 };
	struct ax_stat stat;
	long error = ax_sys_newfstatat(directory, path, &stat, 0);
	if (error)
		return error;
	return (mode & WRITING) && (stat.st_mode & AX_S_IFMT) != AX_S_IFCHR ? -AX_ERR_READ_ONLY : 0;
}

long ax_sys_access(const char *path, int mode)
{
	return ax_sys_faccessat(AX_AT_FDCWD, path, mode);
}

long ax_sys_getcwd(char *buffer, size_t length)
{
	if (length < 2)
		return -AX_ERR_OUT_OF_RANGE;
	memcpy(buffer, "/", 2);
	return 2;
}

static long refuse_change(int directory, const char *path)
{
	struct ax_stat stat;
	long error = ax_sys_newfstatat(directory, path, &stat, 0);
	return error ? error : -AX_ERR_READ_ONLY;
}

long ax_sys_unlink(const char *path)
{
	return refuse_change(AX_AT_FDCWD, path);
}

long ax_sys_unlinkat(int directory, const char *path, [[maybe_unused]] int flags)
{
	return refuse_change(directory, path);
}

long ax_sys_rename(const char *from, [[maybe_unused]] const char *to)
{
	return refuse_change(AX_AT_FDCWD, from);
}

long ax_sys_renameat(int directory, const char *from, [[maybe_unused]] int to_directory, [[maybe_unused]] const char *to)
{
	return refuse_change(directory, from);
}

long ax_sys_renameat2(int directory, const char *from, [[maybe_unused]] int to_directory, [[maybe_unused]] const char *to,
		      [[maybe_unused]] unsigned flags)
{
	return refuse_change(directory, from);
}
