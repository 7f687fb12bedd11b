/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of devices share. */
#pragma once

#include <axerrno/axerrno.h>
#include <p9_client/p9_client.h>

enum { AXVOLUME_PATH_BYTES = 256 };

/** Mount the tree behind @p transport on the directory @p path, which is made if need be. Both stay. */
ax_err_t axvolume_mount(const p9_transport_t *transport, const char *path);
