/* SPDX-License-Identifier: Apache-2.0 */
/* Where a socket of the Unix domain has its name: a node of axfs's tree, which stays when the socket goes. */
#pragma once

#include <posix_api/features.h>
#include <stdbool.h>
#if POSIX_API_FEATURE_FS
#include <axfs/file.h>

/** Zero bytes are none. */
typedef struct posix_unix_place {
	ax_file_t file;
} posix_unix_place_t;

/** Make the node. 0, -EADDRINUSE: there is something, or what the file system says. */
long posix_unix_place_make(const char *path, posix_unix_place_t *place);

/** Find it. 0, -ECONNREFUSED: it is no socket's, or what the file system says. */
long posix_unix_place_find(const char *path, posix_unix_place_t *place);

static inline bool posix_unix_place_is(const posix_unix_place_t *a, const posix_unix_place_t *b)
{
	return a->file.node == b->file.node;
}

static inline void posix_unix_place_leave(posix_unix_place_t *place)
{
	ax_file_close(&place->file);
}
#endif
