/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's pthread_cancel.c, which interrupts a thread between instructions of a system call: there are none here.
 * These are for images without threads; with them axlibc's stand before the weak ones.
 */
#include "pthread_impl.h"
#include <musl_port.h>

int musl_port_cancelling;

weak int musl_port_cancel(void)
{
	return 0;
}

weak int pthread_cancel(pthread_t thread)
{
	return ENOSYS;
}
