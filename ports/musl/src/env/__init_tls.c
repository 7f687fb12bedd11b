/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's __init_tls.c: the kernel lays out thread-local storage, so what is left is the control block, struct
 * pthread at (x86_64) or below (TLS_ABOVE_TP) the thread pointer. The kernel's thread is kept in map_base: it is what
 * the stack and this block are allocated with.
 */
#include "libc.h"
#include "pthread_impl.h"
#include <musl_port.h>

volatile int __thread_list_lock;

const size_t musl_port_tcb_bytes = sizeof(struct pthread);

void *musl_port_pthread(void *thread_pointer)
{
#ifdef TLS_ABOVE_TP
	return (char *)thread_pointer - sizeof(struct pthread) - TP_OFFSET;
#else
	return thread_pointer;
#endif
}

void musl_port_tcb_init(void *thread_pointer, void *kernel_thread, int tid)
{
	struct pthread *self = musl_port_pthread(thread_pointer);

	self->self = self;
	self->prev = self->next = self;
	self->tid = tid;
	self->detach_state = DT_JOINABLE;
	self->map_base = kernel_thread;
	self->locale = &libc.global_locale;
	self->robust_list.head = &self->robust_list.head;
}

void *musl_port_kernel_thread(const void *pthread)
{
	return ((const struct pthread *)pthread)->map_base;
}
