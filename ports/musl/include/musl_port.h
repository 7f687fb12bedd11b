/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C library gives to ulib/axlibc beyond the standard: its control block of a thread, and its start.
 * The rest of the way is by the library's own names (malloc, pthread_create), which axlibc defines.
 */
#pragma once

#include <stddef.h>

/** Bytes of a thread's control block. */
extern const size_t musl_port_tcb_bytes;

/** Make the zeroed block at @p thread_pointer ready: errno, locale, stdio locks by @p tid (positive, unique). */
void musl_port_tcb_init(void *thread_pointer, void *kernel_thread, int tid);

/** Of a pthread_t: what musl_port_tcb_init() was given. */
void *musl_port_kernel_thread(const void *pthread);

/** The pthread_t of the thread with this thread pointer. */
void *musl_port_pthread(void *thread_pointer);

/** From now on there may be several threads: stdio and the library's locks lock. Before the second thread runs. */
void musl_port_threads_begin(void);

/** Run the calling thread's cleanup handlers, last pushed first. */
void musl_port_run_cleanup_handlers(void);

/** The calling thread ends: release what the library holds for it. After keys' destructors. */
void musl_port_thread_end(void);

/** Make the library ready, run constructors and main(), and exit with its result. */
_Noreturn void musl_port_start(int argc, char **argv, char **envp, size_t stack_bytes);
