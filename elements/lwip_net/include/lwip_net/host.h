/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: what lwIP needs of the system around it. Called with the lock that serializes lwIP. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** @p bytes of memory aligned to 16, not zeroed, or NULL. */
void *lwip_net_host_alloc(size_t bytes);
void lwip_net_host_free(void *pointer);

/** Nanoseconds of a clock that never goes back. */
uint64_t lwip_net_host_now_ns(void);

#pragma GCC visibility pop
