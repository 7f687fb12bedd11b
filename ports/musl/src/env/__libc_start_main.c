/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's __libc_start_main.c: arguments and environment come from the kernel as they are, there is no auxiliary
 * vector, and the thread pointer is set already.
 */
#include "libc.h"
#include "pthread_impl.h"
#include <unistd.h>
#include <musl_port.h>

extern weak hidden void (*const __init_array_start)(void), (*const __init_array_end)(void);

int main(int, char **, char **);

_Noreturn void musl_port_run(int argc, char **argv, char **envp, size_t stack_bytes)
{
	static size_t no_auxv[2];

	__environ = envp;
	libc.auxv = no_auxv;
	libc.page_size = 4096;
	libc.can_do_threads = 1;
	__default_stacksize = stack_bytes;
	__progname = __progname_full = argc ? argv[0] : "";
	for (char *p = __progname; *p; p++)
		if (*p == '/')
			__progname = p + 1;

	uintptr_t end = (uintptr_t)&__init_array_end;
	for (uintptr_t a = (uintptr_t)&__init_array_start; a < end; a += sizeof(void (*)(void)))
		(*(void (**)(void))a)();
	exit(main(argc, argv, envp));
}
