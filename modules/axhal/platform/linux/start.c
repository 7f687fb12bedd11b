/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process becomes the machine: from the host's entry to axhal_start_main(), and the end. The stack that the host
 * gave holds the arguments and serves for the first steps; then the boot stack does, which is in RAM.
 */
#include <axhal/boot.h>
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/power.h>
#include <axhal/start.h>
#include <axconfig/axconfig.h>
#include "../../src/entropy_mix.h"
#include "../../src/exiting.h"
#include "../../src/machine.h"
#include "linux.h"
#include "size.h"

enum { GRND_NONBLOCK = 1 };

extern uintptr_t __stack_chk_guard;

static axhal_boot_args_t s_args;
static const void *s_vdso;

const axhal_boot_args_t *axhal_boot_args(void)
{
	return &s_args;
}

static void main_on_boot_stack(void)
{
	axhal_linux_traps_init();
	axhal_linux_time_init(s_vdso);
	axhal_exit(axhal_start_main());
}

/* What follows the environment: pairs of a type and a value. */
static void read_auxiliary_vector(const uintptr_t *vector)
{
	for (; vector[0] != LINUX_AT_NULL; vector += 2) {
		switch (vector[0]) {
		case LINUX_AT_RANDOM:
			/* Its lowest byte is 0, so that no string operation can write it. */
			__stack_chk_guard = *(const uintptr_t *)vector[1] & ~(uintptr_t)0xff;
			break;
		case LINUX_AT_HWCAP2:
			axhal_linux_read_hwcap2(vector[1]);
			break;
		case LINUX_AT_SYSINFO_EHDR:
			s_vdso = (const void *)vector[1];
			break;
		}
	}
}

void axhal_linux_boot(uintptr_t *process_stack)
{
	s_args.argc = (int)process_stack[0];
	s_args.argv = (char **)&process_stack[1];
	s_args.envp = s_args.argv + s_args.argc + 1;
	char **end = s_args.envp;
	while (*end)
		end++;
	read_auxiliary_vector((const uintptr_t *)(end + 1));
	axhal_linux_cpus_init();
	const char *mem = axhal_boot_env("AX_MEM");
	size_t ram_bytes = mem ? axhal_linux_parse_size(mem) : AX_CONFIG_DEFAULT_RAM_BYTES;
	axhal_linux_call_on(axhal_linux_memory_init(ram_bytes), main_on_boot_stack);
}

bool axhal_entropy(uint64_t *value)
{
	return axhal_entropy_mix(axhal_linux_getrandom(value, sizeof *value, GRND_NONBLOCK) == sizeof *value, value);
}

void axhal_exit(int status)
{
	axhal_exit_report(status);
	axhal_linux_console_restore();
	axhal_linux_exit_group(status);
}

/* A process that stopped for good would hang whoever waits for it. */
void axhal_cpu_halt(void)
{
	axhal_exit(255);
}

void axhal_linux_die(const char *message)
{
	size_t length = 0;
	while (message[length])
		length++;
	axhal_linux_write(2, message, length);
	axhal_exit(255);
}

/* How to ask whether memory is readable without touching it: the kernel copies the set before it rejects `how`. */
bool axhal_is_readable(uintptr_t address)
{
	return axhal_linux_sigprocmask(-1, (const uint64_t *)address) != -LINUX_EFAULT;
}
