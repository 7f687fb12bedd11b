/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Glue: what a kernel's form keeps with each thread (the process that it belongs to, a guest's registers), in the thread's
 * own allocation. Feature `resource`; without it nothing of this is there.
 */
#pragma once

#include <axtask/axtask.h>

#pragma GCC visibility push(default)

/** Bytes of the block; 0 will do. */
extern const size_t axtask_resource_bytes;

/**
 * Fill in the zeroed block of a new thread, before its first instruction. Thread context of @p creator; must not sleep.
 * @param creator  the thread that creates it; NULL: @p thread is "main", at boot
 */
void axtask_resource_init(void *block, ax_thread_t *thread, ax_thread_t *creator);

/** The calling thread ends, and its code runs no more; its block stays readable until it is released. Thread context; may
 *  sleep. */
void axtask_resource_end(void *block);

/** The block of a thread that is not released, 64-byte aligned. Any context. That of a CPU's idle thread, which runs no code
 *  but interrupt handlers, is zero. */
void *axtask_resource(const ax_thread_t *thread);

#pragma GCC visibility pop
