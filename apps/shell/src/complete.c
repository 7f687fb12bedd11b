/* SPDX-License-Identifier: Apache-2.0 */
/* Tab: the first word is a command, others are paths. What all candidates share is put in; if that is nothing, they are
 * listed. */
#include "shell.h"

#include <dirent.h>
#include <line_editor/line_editor.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_BYTES = 256 };

typedef struct candidates {
	const char *typed;            /* the part that a candidate begins with */
	size_t typed_bytes;
	char common[NAME_BYTES];      /* what all of them begin with */
	int count;
	bool list;                    /* print them */
} candidates_t;

static void consider(candidates_t *self, const char *name)
{
	if (strncmp(name, self->typed, self->typed_bytes) != 0)
		return;
	if (self->list)
		printf("%s  ", name);
	if (!self->count++) {
		snprintf(self->common, sizeof self->common, "%s", name);
		return;
	}
	size_t same = 0;
	while (self->common[same] && self->common[same] == name[same])
		same++;
	self->common[same] = 0;
}

static void consider_files(candidates_t *self, const char *directory)
{
	DIR *dir = opendir(directory);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.' || self->typed[0] == '.')
			consider(self, entry->d_name);
	closedir(dir);
}

static bool is_directory(const char *directory, const char *name)
{
	char path[LINE_BYTES];
	struct stat stat_;
	return (size_t)snprintf(path, sizeof path, "%s/%s", directory, name) < sizeof path && stat(path, &stat_) == 0 &&
	       S_ISDIR(stat_.st_mode);
}

static bool is_escaped(const char *text, size_t at)
{
	size_t before = at;
	while (before && text[before - 1] == '\\')
		before--;
	return (at - before) % 2;
}

/* The word before the cursor: where it begins, and whether it is the first of its command. */
static size_t word_start(const char *text, size_t cursor, bool *first)
{
	size_t start = cursor;
	while (start && (!strchr(" ;|<>", text[start - 1]) || is_escaped(text, start - 1)))
		start--;
	size_t before = start;
	while (before && text[before - 1] == ' ')
		before--;
	*first = !before || text[before - 1] == ';' || text[before - 1] == '|';
	return start;
}

/* What is typed there, without its backslashes. */
static void take_word(char *word, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '\\' && i + 1 < bytes)
			i++;
		*word++ = text[i];
	}
	*word = 0;
}

static void insert(line_editor_t *editor, const char *name)
{
	char escaped[2 * NAME_BYTES];
	size_t bytes = 0;
	for (; *name; name++) {
		if (strchr(" \t;|<>'\"\\$#", *name))
			escaped[bytes++] = '\\';
		escaped[bytes++] = *name;
	}
	(void)line_editor_insert(editor, escaped, bytes);
}

static void gather(candidates_t *self, bool commands, const char *directory)
{
	self->count = 0;
	if (!commands) {
		consider_files(self, directory);
		return;
	}
	for (const command_t *command = shell_commands; command->name; command++)
		consider(self, command->name);
}

void shell_complete(void *context, line_editor_t *editor)
{
	char word[LINE_EDITOR_BYTES], directory[LINE_EDITOR_BYTES];
	bool first;
	(void)context;
	const size_t start = word_start(editor->line, editor->cursor, &first);
	take_word(word, editor->line + start, editor->cursor - start);
	const char *slash = strrchr(word, '/');
	const bool commands = first && !slash;
	snprintf(directory, sizeof directory, "%.*s", slash ? (int)(slash - word + 1) : 1, slash ? word : ".");
	candidates_t self = { .typed = slash ? slash + 1 : word };
	self.typed_bytes = strlen(self.typed);
	gather(&self, commands, directory);
	if (!self.count) {
		editor->output(NULL, "\a", 1);
		return;
	}
	const size_t more = strlen(self.common) - self.typed_bytes;
	if (more)
		insert(editor, self.common + self.typed_bytes);
	if (self.count == 1) {
		(void)line_editor_insert(editor, !commands && is_directory(directory, self.common) ? "/" : " ", 1);
	} else if (!more) {
		self.list = true;
		putchar('\n');
		gather(&self, commands, directory);
		putchar('\n');
		line_editor_redraw(editor);
	}
}
