/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running commands. They run one after the other, in this one program: what a pipe carries lies in a temporary file between
 * them. Redirection gives descriptors 0 and 1 another file for a while.
 */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int shell_status;
bool shell_done;
volatile sig_atomic_t shell_interrupted;

const command_t shell_commands[] = {
	{ "cat", "[FILE...]", "copy files to the output", command_cat },
	{ "cd", "[DIRECTORY]", "change the current directory", command_cd },
	{ "chmod", "MODE FILE...", "set permissions, in octal", command_chmod },
	{ "cp", "[-r] FROM... TO", "copy files, with -r directories too", command_cp },
	{ "df", "[PATH...]", "how full file systems are; all of them by default", command_df },
	{ "echo", "[-n] [WORD...]", "write words", command_echo },
	{ "env", "", "list the environment", command_env },
	{ "exit", "[STATUS]", "end the shell", command_exit },
	{ "export", "NAME=VALUE...", "set variables", command_export },
	{ "false", "", "fail", command_false },
	{ "free", "", "how much memory is in use", command_free },
	{ "head", "[-n LINES] [FILE...]", "the first lines, 10 by default", command_head },
	{ "help", "", "list the commands", command_help },
	{ "hexdump", "[FILE...]", "bytes in hexadecimal", command_hexdump },
	{ "ln", "[-s] TARGET NAME", "another name for a file, with -s a symbolic link", command_ln },
	{ "ls", "[-a] [-l] [PATH...]", "list directories", command_ls },
	{ "mkdir", "[-p] DIRECTORY...", "make directories, with -p those above too", command_mkdir },
	{ "mount", "", "list what is mounted", command_mount },
	{ "mv", "FROM... TO", "rename or move files", command_mv },
	{ "ps", "", "list threads", command_ps },
	{ "pwd", "", "name the current directory", command_pwd },
	{ "rm", "[-f] [-r] PATH...", "remove files, with -r directories too", command_rm },
	{ "rmdir", "DIRECTORY...", "remove empty directories", command_rmdir },
	{ "sync", "", "have all that was written durable", command_sync },
	{ "touch", "FILE...", "make files, or set their times to now", command_touch },
	{ "true", "", "succeed", command_true },
	{ "uname", "[-a]", "name the system", command_uname },
	{ "unset", "NAME...", "remove variables", command_unset },
	{ "wc", "[FILE...]", "count lines, words and bytes", command_wc },
	{ NULL, NULL, NULL, NULL },
};

const command_t *shell_find(const char *name)
{
	const command_t *command = shell_commands;
	while (command->name && strcmp(command->name, name) != 0)
		command++;
	return command->name ? command : NULL;
}

int shell_complain(const char *name, const char *argument)
{
	const int error = errno;
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", name, argument, strerror(error));
	return 1;
}

int shell_usage(const char *name)
{
	const command_t *command = shell_find(name);
	fflush(stdout);
	fprintf(stderr, "usage: %s %s\n", name, command->usage);
	return 2;
}

int shell_options(int argc, char **argv, const char *letters, bool *flags)
{
	int at = 1;
	for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
		if (strcmp(argv[at], "--") == 0)
			return at + 1;
		for (const char *option = argv[at] + 1; *option; option++) {
			const char *found = strchr(letters, *option);
			if (!found)
				return -1;
			flags[found - letters] = true;
		}
	}
	return at;
}

bool shell_join(char *path, size_t bytes, const char *directory, const char *name)
{
	const char *slash = *directory && directory[strlen(directory) - 1] == '/' ? "" : "/";
	if ((size_t)snprintf(path, bytes, "%s%s%s", directory, slash, name) < bytes)
		return true;
	errno = ENAMETOOLONG;
	shell_complain(directory, name);
	return false;
}

/* Descriptor @p fd becomes @p file, which stays open; what it was is returned, for restore(). */
static int replace(int fd, int file)
{
	const int before = fcntl(fd, F_DUPFD, 10);
	dup2(file, fd);
	return before;
}

static void restore(int fd, int before)
{
	dup2(before, fd);
	close(before);
}

static int run_command(simple_t *command)
{
	const command_t *known = shell_find(command->argv[0]);
	if (known)
		return known->run(command->argc, command->argv);
	if (command->argc == 1 && strchr(command->argv[0], '=') && command->argv[0][0] != '=') /* NAME=VALUE */
		return command_export(2, (char *[]){ NULL, command->argv[0], NULL });
	fprintf(stderr, "shell: %s: no such command; `help` lists them\n", command->argv[0]);
	return 127;
}

/* With input from @p in and output to @p out; each -1: as it is. */
static int run_between(simple_t *command, int in, int out)
{
	const int in_before = in < 0 ? -1 : replace(STDIN_FILENO, in);
	const int out_before = out < 0 ? -1 : replace(STDOUT_FILENO, out);
	const int status = run_command(command);
	fflush(stdout);
	if (in >= 0)
		restore(STDIN_FILENO, in_before);
	if (out >= 0)
		restore(STDOUT_FILENO, out_before);
	return status;
}

static int open_output(const simple_t *command)
{
	if (command->output)
		return open(command->output, O_WRONLY | O_CREAT | (command->append ? O_APPEND : O_TRUNC), 0666);
	char name[] = "/tmp/pipeXXXXXX";
	const int fd = mkstemp(name);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* A command, with the file that the one before it wrote, or -1. *@p pipe becomes what it writes for the next one, or -1. */
static int run_simple(simple_t *command, int *pipe)
{
	int in = *pipe, out = -1;
	*pipe = -1;
	if (command->input) {
		if (in >= 0)
			close(in);
		in = open(command->input, O_RDONLY);
		if (in < 0)
			return shell_complain("shell", command->input);
	}
	if (command->output || command->piped) {
		out = open_output(command);
		if (out < 0) {
			const int status = shell_complain("shell", command->output ? command->output : "pipe");
			if (in >= 0)
				close(in);
			return status;
		}
	}
	const int status = run_between(command, in, out);
	if (in >= 0)
		close(in);
	if (out >= 0 && command->piped && !command->output) {
		lseek(out, 0, SEEK_SET);
		*pipe = out;
	} else if (out >= 0) {
		close(out);
	}
	return status;
}

int shell_run(const char *text)
{
	line_t line = { .rest = text };
	simple_t command;
	int pipe = -1, more = 0;
	while (!shell_done && !shell_interrupted && (more = shell_next(&line, &command)) > 0)
		shell_status = run_simple(&command, &pipe);
	if (pipe >= 0)
		close(pipe);
	if (more < 0)
		shell_status = 2;
	return shell_status;
}
