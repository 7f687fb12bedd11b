/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's pthread_cancel.c, which interrupts a thread at a system call: there is no such instruction here. */
#include "pthread_impl.h"

int pthread_cancel(pthread_t thread)
{
	return ENOSYS;
}
