/* SPDX-License-Identifier: Apache-2.0 */
/* A thread's attributes as they are, not as they were asked for: what garbage collectors look for roots with. */
#include "axlibc_threads.h"

#include <axtask/axtask.h>
#include <musl_port.h>

/* The main thread's stack is the kernel's matter. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	const ax_thread_t *kernel_thread = musl_port_kernel_thread(thread);
	void *stack;
	size_t stack_bytes;

	axtask_stack(kernel_thread, &stack, &stack_bytes);
	if (!stack)
		return ENOTSUP;
	pthread_attr_init(attr);
	pthread_attr_setdetachstate(attr, axtask_is_detached(kernel_thread));
	return pthread_attr_setstack(attr, stack, stack_bytes);
}
