/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boot command line: words parted by white space; double quotes keep white space, a backslash keeps the next
 * character. Before the word `--` NAME=VALUE words are the environment (others are the loader's, and are left out);
 * after it all are arguments.
 */
#include <axconfig/axconfig.h>
#include <axhal/boot.h>
#include <base/base.h>
#include "boot_args.h"

static char s_application[] = AX_CONFIG_APP;
static char *s_none[] = { s_application, NULL };
static axhal_boot_args_t s_args = { .argc = 1, .argv = s_none, .envp = &s_none[1] };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Take the next word from *rest, unquoted in place; NULL at the end. */
static char *next_word(char **rest)
{
	char *from = *rest;
	while (is_space(*from))
		from++;
	if (!*from)
		return NULL;
	char *word = from, *to = from;
	bool quoted = false;
	for (; *from && (quoted || !is_space(*from)); from++) {
		if (*from == '"') {
			quoted = !quoted;
			continue;
		}
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static bool is_separator(const char *word)
{
	return word[0] == '-' && word[1] == '-' && !word[2];
}

static bool has_name(const char *word)
{
	const char *c = word;
	while (*c && *c != '=')
		c++;
	return *c && c != word;
}

size_t boot_args_capacity(const char *line)
{
	size_t words = 0;
	for (size_t i = 0; line[i]; i++)
		words += !is_space(line[i]) && (i == 0 || is_space(line[i - 1]));
	return words + 3; /* argv[0] and two ends */
}

void boot_args_set(char *line, char **pointers)
{
	char *word;
	s_args = (axhal_boot_args_t){ .envp = pointers };
	while ((word = next_word(&line)) && !is_separator(word)) {
		if (has_name(word))
			*pointers++ = word;
	}
	*pointers++ = NULL;
	s_args.argv = pointers;
	*pointers++ = s_application;
	while (word && (word = next_word(&line)))
		*pointers++ = word;
	s_args.argc = (int)(pointers - s_args.argv);
	*pointers = NULL;
}

const axhal_boot_args_t *axhal_boot_args(void)
{
	return &s_args;
}
