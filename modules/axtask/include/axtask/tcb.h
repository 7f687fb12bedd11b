/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the control block that a C library keeps at the thread pointer of every thread. Feature `tcb`. */
#pragma once

#include <axtask/axtask.h>

#pragma GCC visibility push(default)

/** Bytes of the block, from the thread pointer on. */
extern const size_t axtask_tcb_bytes;

/** Make the zeroed block at @p thread_pointer that of @p thread, before its first instruction. Must not sleep. */
void axtask_tcb_init(void *thread_pointer, ax_thread_t *thread);

/** The block of a thread. */
void *axtask_thread_pointer(const ax_thread_t *thread);

#pragma GCC visibility pop
