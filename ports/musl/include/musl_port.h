/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C library gives to ulib/axlibc beyond the standard: its control block of a thread, and its start.
 * The rest of the way is by the library's own names (malloc, pthread_create), which axlibc defines.
 */
#pragma once

#include <stddef.h>

/** Bytes of a thread's control block (struct pthread fits, which is checked where that is known). */
#define MUSL_PORT_TCB_BYTES 256

/** What a thread made by pthread_create() will run. */
typedef struct musl_port_start {
	void *(*entry)(void *argument);
	void *argument;
} musl_port_start_t;

/** Make the zeroed block at @p thread_pointer ready: errno, locale, stdio locks by @p tid (positive, unique). */
void musl_port_tcb_init(void *thread_pointer, void *kernel_thread, int tid, musl_port_start_t start);

/** Of the calling thread, from here on. */
void musl_port_set_tid(int tid);

/** Of a pthread_t, and of the calling thread: what musl_port_tcb_init() was given. */
void *musl_port_kernel_thread(const void *pthread);
musl_port_start_t musl_port_start_of_self(void);

/** The pthread_t of the thread with this thread pointer. */
void *musl_port_pthread(void *thread_pointer);

/** From now on there may be several threads: stdio and the library's locks lock. Before the second thread runs. */
void musl_port_threads_begin(void);

/** Not 0 once pthread_cancel() has been called: system calls that are cancellation points then call musl_port_cancel(). */
extern int musl_port_cancelling;

/** Ends the calling thread if its cancellation is due and not masked. ECANCELED if it is masked, else 0. axlibc's, or one
 *  that does nothing. */
int musl_port_cancel(void);

/** Run the calling thread's cleanup handlers, last pushed first. */
void musl_port_run_cleanup_handlers(void);

/** The calling thread ends: release what the library holds for it. After keys' destructors. */
void musl_port_thread_end(void);

/** Make the library ready, run constructors and main(), and exit with its result. */
_Noreturn void musl_port_run(int argc, char **argv, char **envp, size_t stack_bytes);
