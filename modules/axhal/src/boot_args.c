/* SPDX-License-Identifier: Apache-2.0 */
/* The boot arguments of a machine whose loader hands over one line. */
#include <axconfig/axconfig.h>
#include <axhal/boot.h>
#include <boot_line/boot_line.h>
#include "machine.h"

static char s_application[] = AX_CONFIG_APP;
static axhal_boot_args_t s_args;

void axhal_boot_args_set(char *line, char **pointers)
{
	boot_line_t split;
	boot_line_split(line, s_application, pointers, &split);
	s_args = (axhal_boot_args_t){ split.argc, split.argv, split.envp };
}

const axhal_boot_args_t *axhal_boot_args(void)
{
	return &s_args;
}
