/* SPDX-License-Identifier: Apache-2.0 */
#include "mount.h"

#include <axfs/axfs.h>
#include <axfs/path.h>
#include <memstr/memstr.h>
#include <p9fs/p9fs.h>

/* Each directory of the path that is not there. */
static ax_err_t make_directories(const char *path)
{
	char part[AXVOLUME_PATH_BYTES];
	size_t length = strlen(path);
	ax_err_t error = path[0] == '/' && length > 1 && length < sizeof part ? AX_OK : AX_ERR_INVALID_INPUT;
	for (size_t i = 1; !error && i <= length; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		error = ax_path_make_directory_at(NULL, part, 0755);
		if (error == AX_ERR_ALREADY_EXISTS)
			error = AX_OK;
	}
	return error;
}

ax_err_t axvolume_mount(const p9_transport_t *transport, const char *path)
{
	vfs_t *fs;
	ax_err_t error = make_directories(path);
	if (!error)
		error = p9fs_mount(&axfs_host, transport, path, &fs);
	if (error)
		return error;
	error = axfs_mount(fs, path);
	if (error)
		(void)fs->ops->unmount(fs);
	return error;
}
