/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting in place: a word only ever gets shorter, so it is written over itself. */
#include <boot_line/boot_line.h>
#include <stdbool.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Take the next word from *rest, unquoted; NULL at the end. */
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

size_t boot_line_capacity(const char *line)
{
	size_t words = 0;
	for (size_t i = 0; line[i]; i++)
		words += !is_space(line[i]) && (i == 0 || is_space(line[i - 1]));
	return words + 3; /* argv[0] and two ends */
}

void boot_line_split(char *line, char *argv0, char **pointers, boot_line_t *result)
{
	char *word;
	result->envp = pointers;
	while ((word = next_word(&line)) && !is_separator(word)) {
		if (has_name(word))
			*pointers++ = word;
	}
	*pointers++ = NULL;
	result->argv = pointers;
	*pointers++ = argv0;
	while (word && (word = next_word(&line)))
		*pointers++ = word;
	result->argc = (int)(pointers - result->argv);
	*pointers = NULL;
}
