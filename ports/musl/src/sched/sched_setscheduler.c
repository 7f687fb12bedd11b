/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's, which refuses: Linux's call is about a thread where POSIX's is about a process. Here there is one. */
#include <sched.h>
#include "syscall.h"

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	const int before = sched_getscheduler(pid);
	return syscall(SYS_sched_setscheduler, pid, policy, param) < 0 ? -1 : before;
}
