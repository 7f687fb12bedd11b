/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's, which refuses: Linux's call is about a thread where POSIX's is about a process. Here there is one. */
#include <sched.h>
#include "syscall.h"

int sched_getscheduler(pid_t pid)
{
	return syscall(SYS_sched_getscheduler, pid);
}
