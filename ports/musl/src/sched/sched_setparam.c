/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's, which refuses: Linux's call is about a thread where POSIX's is about a process. Here there is one. */
#include <sched.h>
#include "syscall.h"

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return syscall(SYS_sched_setparam, pid, param);
}
