/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting a boot command line into environment and arguments, for platforms that get one line. */
#pragma once

#include <stddef.h>

/** Pointers that boot_args_set() needs for @p line. */
size_t boot_args_capacity(const char *line);

/**
 * Split @p line in place, as axhal/boot.h says, and make the result axhal_boot_args()'s.
 * @param line      kept and written to
 * @param pointers  boot_args_capacity(line) of them, kept
 */
void boot_args_set(char *line, char **pointers);
