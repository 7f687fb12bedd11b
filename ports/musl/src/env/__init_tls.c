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

typedef char control_block_fits[sizeof(struct pthread) <= MUSL_PORT_TCB_BYTES ? 1 : -1];

void *musl_port_pthread(void *thread_pointer)
{
#ifdef TLS_ABOVE_TP
	return (char *)thread_pointer - sizeof(struct pthread) - TP_OFFSET;
#else
	return thread_pointer;
#endif
}

void musl_port_tcb_init(void *thread_pointer, void *kernel_thread, int tid, musl_port_start_t start)
{
	struct pthread *self = musl_port_pthread(thread_pointer);

	self->self = self;
	self->prev = self->next = self;
	self->tid = tid;
	self->detach_state = DT_JOINABLE;
	self->map_base = kernel_thread;
	self->locale = &libc.global_locale;
	self->robust_list.head = &self->robust_list.head;
	self->stack = (void *)start.entry; /* these two fields are the kernel's matter, so they are free */
	self->result = start.argument;
}

void musl_port_set_tid(int tid)
{
	__pthread_self()->tid = tid;
}

musl_port_start_t musl_port_start_of_self(void)
{
	const struct pthread *self = __pthread_self();
	return (musl_port_start_t){ (void *(*)(void *))self->stack, self->result };
}

void *musl_port_kernel_thread(const void *pthread)
{
	return ((const struct pthread *)pthread)->map_base;
}
