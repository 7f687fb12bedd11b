/* SPDX-License-Identifier: Apache-2.0 */
/* The process, of which there is one: process 1, owned by user 0. */
#include "mapping.h"
#include "socket.h"
#include "wait.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/boot.h>
#include <axhal/power.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

long ax_sys_exit_group(int status)
{
	posix_files_end();
	posix_inet_end();
	axhal_exit(status & 0xff);
}

long ax_sys_getpid(void)
{
	return 1;
}

long ax_sys_getppid(void)
{
	return 0;
}

long ax_sys_getuid(void)
{
	return 0;
}

long ax_sys_geteuid(void)
{
	return 0;
}

long ax_sys_getgid(void)
{
	return 0;
}

long ax_sys_getegid(void)
{
	return 0;
}

/* There is one user, and one group: who becomes what he is, does. */
long ax_sys_setuid(unsigned id)
{
	return id ? -AX_ERR_INVALID_INPUT : 0;
}

long ax_sys_setgid(unsigned id)
{
	return id ? -AX_ERR_INVALID_INPUT : 0;
}

long ax_sys_setgroups(size_t count, const unsigned *groups)
{
	for (size_t i = 0; i < count; i++) {
		if (groups[i])
			return -AX_ERR_INVALID_INPUT;
	}
	return 0;
}

long ax_sys_uname(struct ax_utsname *name)
{
	*name = (struct ax_utsname){
		.sysname = "Ashlar",
		.nodename = "ashlar",
		.release = "0.1",
		.version = "unikernel",
		.machine = AX_UTSNAME_MACHINE,
		.domainname = "(none)",
	};
	return 0;
}

/* What the byte heap holds and has not handed out counts as free. */
long ax_sys_sysinfo(struct ax_sysinfo *info)
{
	const axalloc_stats_t stats = axalloc_stats();
	*info = (struct ax_sysinfo){
		.uptime_s = axhal_now_ns() / AX_NS_PER_SEC,
		.totalram = stats.total_pages * PAGE_SIZE,
		.freeram = stats.free_pages * PAGE_SIZE + stats.heap_bytes - stats.heap_used_bytes,
		.procs = 1,
		.mem_unit = 1,
	};
	return 0;
}

/* Nothing is made up: without a source of entropy the call fails, and the program learns it. */
long ax_sys_getrandom(void *buffer, size_t length, [[maybe_unused]] unsigned flags)
{
	char *to = buffer;
	for (size_t done = 0; done < length;) {
		uint64_t value;
		if (!axhal_entropy(&value))
			return done ? (long)done : -AX_ERR_NOT_IMPLEMENTED;
		size_t count = length - done < sizeof value ? length - done : sizeof value;
		memcpy(to + done, &value, count);
		done += count;
	}
	return (long)length;
}

/* Asked by a C library whether robust mutexes work, which are its own matter here: no list is kept. */
long ax_sys_get_robust_list([[maybe_unused]] int thread, void **list, size_t *bytes)
{
	*list = NULL;
	*bytes = 0;
	return 0;
}

static void copy_name(char to[AX_TASK_COMM_BYTES], const char *from)
{
	size_t length = strlen(from);
	length = length < AX_TASK_COMM_BYTES ? length : AX_TASK_COMM_BYTES - 1;
	memset(to, 0, AX_TASK_COMM_BYTES);
	memcpy(to, from, length);
}

/* prctl() of a machine with one program and no huge pages: the caller's name is what there is to set. */
long ax_sys_prctl(int option, unsigned long argument)
{
	char name[AX_TASK_COMM_BYTES];
	switch (option) {
	case AX_PR_SET_NAME:
		copy_name(name, (const char *)argument);
		posix_set_thread_name(name);
		return 0;
	case AX_PR_GET_NAME:
		copy_name((char *)argument, posix_thread_name());
		return 0;
	case AX_PR_SET_THP_DISABLE:
		return argument == 1 ? 0 : -AX_ERR_INVALID_INPUT;
	case AX_PR_GET_THP_DISABLE:
		return 1;
	default:
		return -AX_ERR_INVALID_INPUT;
	}
}
