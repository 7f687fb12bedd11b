/* SPDX-License-Identifier: Apache-2.0 */
/* The process, of which there is one: process 1, owned by user 0. */
#include "mapping.h"

#include <axerrno/axerrno.h>
#include <axhal/boot.h>
#include <axhal/power.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

long ax_sys_exit_group(int status)
{
	posix_mappings_write_all();
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

long ax_sys_uname(struct ax_utsname *name)
{
	*name = (struct ax_utsname){
		.sysname = "Ashlar",
		.nodename = "ashlar",
		.release = "0.1",
		.version = "unikernel",
#if defined(__x86_64__)
		.machine = "x86_64",
#elif defined(__aarch64__)
		.machine = "aarch64",
#else
		.machine = "riscv64",
#endif
		.domainname = "(none)",
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
