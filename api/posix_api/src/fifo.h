/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes by name. */
#pragma once

#include "descriptor.h"

/**
 * The file, which axfs has opened and which is a pipe, becomes an end of that pipe, waiting for the other end as open() does.
 * It is no longer one of axfs then, on an error neither. Handlers are held.
 * @return 0; -ENXIO, -EINTR, -ENOMEM: its last reference is the caller's to give back
 */
long posix_fifo_open(posix_file_t *file);
