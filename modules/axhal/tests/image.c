/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What axhal's common files need of an image and a platform, for tests of other files: an empty image without
 * arguments. All of it is weak: a test that is about one of these brings its own.
 */
#include <axhal/boot.h>
#include <panic/handler.h>
#include <stdio.h>
#include <stdlib.h>
#include "machine.h"

#define EMPTY __attribute__((weak, aligned(64)))

EMPTY char ax_text_start[1], ax_text_end[1], ax_tdata_start[1], ax_tdata_end[1], ax_tbss_end[1], ax_tls_end[1];
EMPTY const char ax_ksyms[64];

__attribute__((weak)) bool axhal_is_readable(uintptr_t address)
{
	return address != 0;
}

__attribute__((weak)) const axhal_boot_args_t *axhal_boot_args(void)
{
	static char *none[] = { NULL };
	static const axhal_boot_args_t empty = { .argv = none, .envp = none };
	return &empty;
}

__attribute__((weak)) void panic_handler(const char *file, int line, const char *format, ...)
{
	fprintf(stderr, "panic at %s:%d: %s\n", file, line, format);
	abort();
}
