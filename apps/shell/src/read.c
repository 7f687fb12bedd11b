/* SPDX-License-Identifier: Apache-2.0 */
/* Where lines come from: a file, or a person at a terminal in raw mode. */
#include "shell.h"

#include <line_editor/line_editor.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int shell_run_file(FILE *file)
{
	char text[LINE_BYTES];
	int status = 0;
	while (!shell_done && fgets(text, sizeof text, file)) {
		if (!strchr(text, '\n') && !feof(file)) {
			fputs("shell: line too long\n", stderr);
			return 2;
		}
		status = shell_run(text);
	}
	return status;
}

static struct termios s_before;

static void raw_mode(bool on)
{
	struct termios raw = s_before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_iflag &= ~(tcflag_t)ICRNL;
	tcsetattr(STDIN_FILENO, TCSANOW, on ? &raw : &s_before);
}

static void draw(void *context, const char *bytes, size_t count)
{
	(void)context;
	fwrite(bytes, 1, count, stdout);
	fflush(stdout);
}

/* A line in the editor; LINE_EDITOR_END also when input ends. Between lines the terminal is as it was. */
static line_editor_event_t edit(line_editor_t *editor)
{
	char directory[1024], prompt[1032];
	line_editor_event_t event = LINE_EDITOR_EDITING;
	snprintf(prompt, sizeof prompt, "%s $ ", getcwd(directory, sizeof directory) ? directory : "?");
	raw_mode(true);
	line_editor_begin(editor, prompt);
	while (event == LINE_EDITOR_EDITING) {
		char byte;
		event = read(STDIN_FILENO, &byte, 1) == 1 ? line_editor_input(editor, byte) : LINE_EDITOR_END;
	}
	raw_mode(false);
	return event;
}

/* A read that waits ends with EINTR: SA_RESTART is not set. */
static void note_interrupt(int signal)
{
	(void)signal;
	shell_interrupted = true;
}

static void run_line(const char *text)
{
	enum { INTERRUPTED = 130 };
	shell_interrupted = false;
	shell_status = shell_run(text);
	if (shell_interrupted) {
		shell_interrupted = false;
		shell_status = INTERRUPTED;
		putchar('\n'); /* behind the ^C that the terminal shows */
	}
}

int shell_interact(void)
{
	static line_editor_t editor = { .output = draw, .complete = shell_complete };
	line_editor_event_t event;
	tcgetattr(STDIN_FILENO, &s_before);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = note_interrupt }, NULL);
	puts("Ashlar. `help` lists the commands.");
	while (!shell_done && (event = edit(&editor)) != LINE_EDITOR_END) {
		if (event == LINE_EDITOR_LINE)
			run_line(editor.line);
		fflush(stdout);
	}
	return shell_status;
}
