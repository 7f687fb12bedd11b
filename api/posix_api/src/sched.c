/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scheduling policies (POSIX.1-2017, 2.8.4), where the image's scheduler knows fixed priorities: its level 0 is
 * SCHED_OTHER, a level above it SCHED_RR or SCHED_FIFO of that priority. In other images there is SCHED_OTHER alone.
 * As in Linux a number names a thread, 0 the caller; the process's is its first thread's.
 *
 * And the CPUs that a thread may run on (Linux's sched_setaffinity(2)).
 */
#include "signal.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

static bool has_policy(int policy)
{
	return policy == AX_SCHED_OTHER || ((policy == AX_SCHED_FIFO || policy == AX_SCHED_RR) && POSIX_LEVELS > 1);
}

static int highest(int policy)
{
	return policy == AX_SCHED_OTHER ? 0 : POSIX_LEVELS - 1;
}

static int lowest(int policy)
{
	return policy == AX_SCHED_OTHER ? 0 : 1;
}

static bool is_priority(int policy, int priority)
{
	return has_policy(policy) && priority >= lowest(policy) && priority <= highest(policy);
}

typedef struct request {
	bool set_policy, set_priority;
	int policy, priority;   /* what to set; then what was before */
} request_t;

static long change(ax_posix_thread_t *thread, void *argument)
{
	request_t *request = argument;
	unsigned level;
	bool sliced;
	posix_level(thread, &level, &sliced);
	const int policy = level == 0 ? AX_SCHED_OTHER : sliced ? AX_SCHED_RR : AX_SCHED_FIFO;
	const int wanted = request->set_policy ? request->policy : policy;
	if (request->set_priority) {
		if (!is_priority(wanted, request->priority))
			return -AX_ERR_INVALID_INPUT;
		posix_set_level(thread, (unsigned)request->priority, wanted != AX_SCHED_FIFO);
	}
	request->policy = policy;
	request->priority = (int)level;
	return 0;
}

long ax_sys_sched_setscheduler(int thread, int policy, const struct ax_sched_param *param)
{
	if (!param || !has_policy(policy))
		return -AX_ERR_INVALID_INPUT;
	request_t request = { .set_policy = true, .set_priority = true, .policy = policy, .priority = param->priority };
	return posix_with_thread(thread, change, &request);
}

long ax_sys_sched_getscheduler(int thread)
{
	request_t request = {};
	const long error = posix_with_thread(thread, change, &request);
	return error ? error : request.policy;
}

long ax_sys_sched_setparam(int thread, const struct ax_sched_param *param)
{
	if (!param)
		return -AX_ERR_INVALID_INPUT;
	request_t request = { .set_priority = true, .priority = param->priority };
	return posix_with_thread(thread, change, &request);
}

long ax_sys_sched_getparam(int thread, struct ax_sched_param *param)
{
	if (!param)
		return -AX_ERR_INVALID_INPUT;
	request_t request = {};
	const long error = posix_with_thread(thread, change, &request);
	if (!error)
		param->priority = request.priority;
	return error;
}

long ax_sys_sched_get_priority_max(int policy)
{
	return has_policy(policy) ? highest(policy) : -AX_ERR_INVALID_INPUT;
}

long ax_sys_sched_get_priority_min(int policy)
{
	return has_policy(policy) ? lowest(policy) : -AX_ERR_INVALID_INPUT;
}

/* Zero: without end. */
long ax_sys_sched_rr_get_interval(int thread, struct ax_timespec *interval)
{
	request_t request = {};
	const long error = posix_with_thread(thread, change, &request);
	if (error)
		return error;
	const uint64_t ns = request.policy == AX_SCHED_FIFO ? 0 : POSIX_SLICE_NS;
	*interval = (struct ax_timespec){ (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC) };
	return 0;
}

static long read_affinity(ax_posix_thread_t *thread, void *cpus)
{
	*(uint64_t *)cpus = posix_affinity(thread);
	return 0;
}

/* The caller moves at once, which it cannot with the list of threads locked: 1 asks for it to be done after. */
static long change_affinity(ax_posix_thread_t *thread, void *cpus)
{
	if (thread == &ax_posix_self)
		return 1;
	return -(long)posix_set_affinity(thread, *(const uint64_t *)cpus);
}

long ax_sys_sched_setaffinity(int thread, size_t bytes, const uint64_t *cpus)
{
	if (!cpus)
		return -AX_ERR_BAD_ADDRESS;
	uint64_t set = 0;
	memcpy(&set, cpus, bytes < sizeof set ? bytes : sizeof set);
	const long left = posix_with_thread(thread, change_affinity, &set);
	return left == 1 ? -(long)posix_set_affinity(&ax_posix_self, set) : left;
}

long ax_sys_sched_getaffinity(int thread, size_t bytes, uint64_t *cpus)
{
	if (!cpus)
		return -AX_ERR_BAD_ADDRESS;
	if (bytes < sizeof *cpus)
		return -AX_ERR_INVALID_INPUT;
	uint64_t set;
	const long error = posix_with_thread(thread, read_affinity, &set);
	if (error)
		return error;
	memcpy(cpus, &set, sizeof set);
	return sizeof set;
}
