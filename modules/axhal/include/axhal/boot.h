/* SPDX-License-Identifier: Apache-2.0 */
/* What the image was started with, and the call by which axhal starts the OS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/**
 * Environment and arguments, NULL-terminated, static. A PVH command line `K=V K2="a b" -- arg1 "arg 2"` is split
 * into both (words in double quotes keep spaces; a backslash keeps the next character); a Linux process hands
 * over its own. argv[0] is the application's name.
 */
typedef struct axhal_boot_args {
	int argc;
	char **argv;
	char **envp;
} axhal_boot_args_t;

const axhal_boot_args_t *axhal_boot_args(void);

/** The value of NAME in the boot environment, or NULL. Static. */
const char *axhal_boot_env(const char *name);

/** The files that the loader has handed over, else those packed into the image (cpio newc), or size 0. Static, read-only. */
const void *axhal_boot_rootfs(size_t *size_bytes);

/** A random number from the processor's or host's entropy source; false if there is none (nothing is made up). */
bool axhal_entropy(uint64_t *value);

#pragma GCC visibility pop
