/* SPDX-License-Identifier: Apache-2.0 */
/* The files packed into the image, in the root: contents are lent, not copied, until somebody writes to a file. */
#include "unpack.h"

#include "mounts.h"

#include <axfs/path.h>
#include <axhal/boot.h>
#include <axlog/axlog.h>
#include <cpio/cpio.h>
#include <memstr/memstr.h>
#include <ramfs/ramfs.h>

enum { PATH_BYTES = 1024 };

/* Directories that are packed only by what lies in them. */
static ax_err_t make_parents(char *path)
{
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		ax_err_t error = ax_path_make_directory_at(NULL, path, 0755);
		*slash = '/';
		if (error != AX_OK && error != AX_ERR_ALREADY_EXISTS)
			return error;
	}
	return AX_OK;
}

static ax_err_t unpack_file(const char *path, const cpio_entry_t *entry)
{
	AX_SCOPED_FILE file = {};
	ax_err_t error = ax_file_open_at(NULL, path, AX_OPEN_WRITE | AX_OPEN_CREATE | AX_OPEN_TRUNCATE, 0644, &file);
	if (error == AX_OK)
		ramfs_lend(file.node, entry->data, entry->size_bytes);
	return error;
}

static ax_err_t unpack_symlink(const char *path, const cpio_entry_t *entry)
{
	char target[PATH_BYTES];
	if (entry->size_bytes >= sizeof target)
		return AX_ERR_NAME_TOO_LONG;
	memcpy(target, entry->data, entry->size_bytes);
	target[entry->size_bytes] = 0;
	return ax_path_symlink_at(target, NULL, path);
}

static ax_err_t unpack(const cpio_entry_t *entry)
{
	char path[PATH_BYTES] = "/";
	size_t bytes = entry->name_bytes;
	const char *name = cpio_plain_name(entry->name, &bytes);
	if (bytes == 0 || (bytes == 1 && *name == '.'))
		return AX_OK;
	if (bytes + 2 > sizeof path)
		return AX_ERR_NAME_TOO_LONG;
	memcpy(path + 1, name, bytes);
	path[bytes + 1] = 0;
	ax_err_t error = make_parents(path);
	if (error != AX_OK)
		return error;
	switch (entry->mode & VFS_TYPE_MASK) {
	case VFS_DIRECTORY:
		error = ax_path_make_directory_at(NULL, path, 0755);
		if (error == AX_ERR_ALREADY_EXISTS)
			error = AX_OK;
		break;
	case VFS_REGULAR:
		error = unpack_file(path, entry);
		break;
	case VFS_SYMLINK:
		return unpack_symlink(path, entry);
	default:
		return AX_ERR_NOT_SUPPORTED;
	}
	if (error == AX_OK)
		error = ax_path_set_mode_at(NULL, path, 0, entry->mode);
	if (error == AX_OK)
		error = ax_path_set_times_at(NULL, path, 0, entry->mtime * INT64_C(1000000000), entry->mtime * INT64_C(1000000000));
	return error;
}

void axfs_unpack(void)
{
	size_t bytes;
	cpio_entry_t entry;
	const void *archive = axhal_boot_rootfs(&bytes);
	cpio_reader_t reader = cpio_open(archive, bytes);
	ax_err_t error;
	while ((error = cpio_next(&reader, &entry)) == AX_OK) {
		error = unpack(&entry);
		if (error != AX_OK)
			ax_error("the packed file %s: %s", entry.name, ax_err_text(error));
	}
	if (error != AX_ERR_NOT_FOUND)
		ax_error("the files packed into the image: %s", ax_err_text(error));
}
