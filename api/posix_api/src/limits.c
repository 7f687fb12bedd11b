/* SPDX-License-Identifier: Apache-2.0 */
/* Limits on resources. The number of descriptors is one that can be set; others are what they are. */
#include "descriptor.h"
#include "mapping.h"

#include <axerrno/axerrno.h>
#include <posix_api/syscalls.h>

long ax_sys_prlimit64(int process, int resource, const struct ax_rlimit *limit, struct ax_rlimit *old)
{
	POSIX_CALL();
	if (process != 0 && process != 1)
		return -AX_ERR_NO_SUCH_PROCESS;
	if (resource < 0 || resource >= AX_RLIMIT_LIMITS || (limit && limit->soft > limit->hard))
		return -AX_ERR_INVALID_INPUT;
	struct ax_rlimit before = { AX_RLIM_INFINITY, AX_RLIM_INFINITY };
	if (resource == AX_RLIMIT_NOFILE)
		before = posix_descriptor_limits();
	else if (resource == AX_RLIMIT_MEMLOCK)
		before = posix_lock_limit;
	else if (resource == AX_RLIMIT_CORE)
		before = (struct ax_rlimit){};
	long error = 0;
	if (limit && resource == AX_RLIMIT_NOFILE)
		error = posix_set_descriptor_limits(limit);
	else if (limit && resource == AX_RLIMIT_MEMLOCK)
		posix_lock_limit = *limit;
	else if (limit && (limit->soft != before.soft || limit->hard != before.hard))
		error = -AX_ERR_NOT_PERMITTED;
	if (!error && old)
		*old = before;
	return error;
}

long ax_sys_getrlimit(int resource, struct ax_rlimit *limit)
{
	return ax_sys_prlimit64(0, resource, NULL, limit);
}

long ax_sys_setrlimit(int resource, const struct ax_rlimit *limit)
{
	return ax_sys_prlimit64(0, resource, limit, NULL);
}
