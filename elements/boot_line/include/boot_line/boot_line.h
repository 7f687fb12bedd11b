/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot loader's command line, `NAME=VALUE OTHER="a b" -- argument "and another"`, split into environment and arguments.
 * White space parts words; double quotes keep white space; a backslash keeps the next character, in quotes too.
 * Before the word `--`, words with a name and `=` are the environment, others are dropped (they are the loader's); after it,
 * all are arguments. Any context, no lock, no allocation.
 */
#pragma once

#include <stddef.h>

#pragma GCC visibility push(default)

typedef struct boot_line {
	int argc;
	char **argv; /* NULL-terminated, as is envp */
	char **envp;
} boot_line_t;

/** Pointers that boot_line_split() needs at most for @p line. */
size_t boot_line_capacity(const char *line);

/**
 * Split @p line in place.
 * @param line      written to, and kept: the words are in it
 * @param argv0     becomes argv[0]; kept
 * @param pointers  boot_line_capacity(line) of them; kept: they are argv and envp
 */
void boot_line_split(char *line, char *argv0, char **pointers, boot_line_t *result);

#pragma GCC visibility pop
