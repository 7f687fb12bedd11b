/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a line to commands, as POSIX.1-2017, XCU 2.2 and 2.3 have it for what there is here: words with '', "" and \, $NAME and
 * $?, comments; ; | < > >> between them.
 */
#include "shell.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int mistake(const char *what)
{
	fprintf(stderr, "shell: %s\n", what);
	return -1;
}

static bool put(line_t *line, char byte)
{
	if (line->used == sizeof line->storage)
		return false;
	line->storage[line->used++] = byte;
	return true;
}

static bool put_variable(line_t *line)
{
	char name[64], status[12];
	size_t bytes = 0;
	const char *value;
	if (*line->rest == '?') {
		line->rest++;
		snprintf(status, sizeof status, "%d", shell_status);
		value = status;
	} else {
		while ((isalnum((unsigned char)*line->rest) || *line->rest == '_') && bytes < sizeof name - 1)
			name[bytes++] = *line->rest++;
		name[bytes] = 0;
		value = bytes ? getenv(name) : "$";
	}
	while (value && *value)
		if (!put(line, *value++))
			return false;
	return true;
}

/* Up to the closing quote, which is passed. */
static bool put_quoted(line_t *line, char quote)
{
	while (*line->rest && *line->rest != quote) {
		char byte = *line->rest++;
		if (byte == '$' && quote == '"') {
			if (!put_variable(line))
				return false;
			continue;
		}
		if (byte == '\\' && quote == '"' && *line->rest && strchr("\\\"$", *line->rest))
			byte = *line->rest++;
		if (!put(line, byte))
			return false;
	}
	return *line->rest && *line->rest++ == quote;
}

/* A word, in the line's storage; NULL: a quote that does not end, or too much. */
static char *word(line_t *line)
{
	char *start = line->storage + line->used;
	bool good = true;
	while (good && *line->rest && !strchr(" \t\n;|<>", *line->rest)) {
		const char byte = *line->rest++;
		if (byte == '\'' || byte == '"')
			good = put_quoted(line, byte);
		else if (byte == '$')
			good = put_variable(line);
		else if (byte == '\\' && *line->rest)
			good = put(line, *line->rest++);
		else
			good = put(line, byte);
	}
	return good && put(line, 0) ? start : NULL;
}

static void skip_blanks(line_t *line)
{
	line->rest += strspn(line->rest, " \t\n");
	if (*line->rest == '#')
		line->rest += strlen(line->rest);
}

static int redirect(line_t *line, simple_t *command)
{
	const bool out = *line->rest++ == '>';
	const bool append = out && *line->rest == '>';
	line->rest += append;
	skip_blanks(line);
	char *path = word(line);
	if (!path || !*path)
		return mistake("no file to redirect to");
	if (out) {
		command->output = path;
		command->append = append;
	} else {
		command->input = path;
	}
	return 1;
}

static int take_word(line_t *line, simple_t *command)
{
	if (command->argc == ARGUMENTS)
		return mistake("too many words");
	command->argv[command->argc] = word(line);
	if (!command->argv[command->argc])
		return mistake("a quote that does not end, or too long a line");
	command->argc++;
	return 1;
}

int shell_next(line_t *line, simple_t *command)
{
	int good = 1;
	*command = (simple_t){ .argc = 0 };
	while (good > 0) {
		skip_blanks(line);
		const char next = *line->rest;
		if (!next)
			return command->argc != 0;
		if (next == ';' || next == '|') {
			line->rest++;
			command->piped = next == '|';
			return command->argc ? 1 : mistake("a command is missing");
		}
		good = next == '<' || next == '>' ? redirect(line, command) : take_word(line, command);
	}
	return good;
}
