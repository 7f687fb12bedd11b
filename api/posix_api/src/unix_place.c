/* SPDX-License-Identifier: Apache-2.0 */
/* Names of sockets in the file system: see unix_place.h. */
#include "unix_place.h"

#include "vfs.h"

#include <axfs/path.h>

long posix_unix_place_make(const char *path, posix_unix_place_t *place)
{
	ax_err_t error = ax_path_make_node_at(NULL, path, VFS_SOCKET | 0777, 0);
	if (error == AX_ERR_ALREADY_EXISTS)
		return -AX_ERR_ADDRESS_IN_USE;
	if (error == AX_OK)
		error = ax_file_open(path, AX_OPEN_PATH, &place->file);
	return posix_result(error);
}

long posix_unix_place_find(const char *path, posix_unix_place_t *place)
{
	const ax_err_t error = ax_file_open(path, AX_OPEN_PATH, &place->file);
	if (error != AX_OK)
		return posix_result(error);
	if (vfs_type(place->file.node) == VFS_SOCKET)
		return 0;
	posix_unix_place_leave(place);
	return -AX_ERR_CONNECTION_REFUSED;
}
