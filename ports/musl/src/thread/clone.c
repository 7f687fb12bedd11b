/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's clone.s: there is one process, and threads are the kernel's. */
#include "pthread_impl.h"

int __clone(int (*entry)(void *), void *stack, int flags, void *argument, ...)
{
	return -ENOSYS;
}
