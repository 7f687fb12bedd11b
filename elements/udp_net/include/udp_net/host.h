/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: what the stack needs of the system around it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** @p bytes of memory aligned to 16, not zeroed, or NULL. Also called without the lock that serializes the stack. */
void *udp_net_host_alloc(size_t bytes);
void udp_net_host_free(void *pointer);

/** Nanoseconds of a clock that never goes back. */
uint64_t udp_net_host_now_ns(void);

/** Random bits that others cannot guess. */
uint64_t udp_net_host_random(void);

#pragma GCC visibility pop
