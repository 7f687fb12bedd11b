/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's __reset_tls.c: thread-local storage is the kernel's. A timer's SIGEV_THREAD function, the only use, finds
 * its thread-local variables as the call before left them.
 */
#include "pthread_impl.h"

void __reset_tls(void)
{
}
