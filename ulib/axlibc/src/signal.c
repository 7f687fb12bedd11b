/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to threads: a pthread_t leads to the thread without a search. The rest is system calls. */
#include "axlibc_threads.h"

int pthread_kill(pthread_t thread, int signal)
{
	return (int)-ax_posix_thread_kill(axlibc_posix_thread(thread), signal);
}
