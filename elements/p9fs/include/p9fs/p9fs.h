/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a 9P2000.L server as a file system. What is written is with the server when the call returns; fsync() has it
 * write to its disk. Names are not remembered, as others may change the tree.
 *
 * A node has a fid of its own, and a second one once it is read or written. Cookies of directories count entries, as a
 * server's offsets may have more bits than the interface allows; who reads on where it ended gets what the server has from
 * there on, who goes back elsewhere begins anew and passes over as many.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/vfs.h>
#include <p9_client/p9_client.h>

#pragma GCC visibility push(default)

/**
 * Begin a session with the server and mount its tree.
 * @param transport  must outlive the file system
 * @param source     for who lists mounts; likewise
 * @retval AX_ERR_NO_MEMORY, and those of p9_begin() and p9_get_attributes()
 */
ax_err_t p9fs_mount(const vfs_host_t *host, const p9_transport_t *transport, const char *source, vfs_t **fs);

/** Its operations: for images with one file system. */
extern const vfs_ops_t p9fs_ops;

#pragma GCC visibility pop
