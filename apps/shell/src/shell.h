/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shell's parts. A line becomes commands (parse.c), these are run one after the other (run.c), each a function here.
 * Commands read standard input and write standard output as any program does; redirection moves these.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { ARGUMENTS = 64, LINE_BYTES = 4096 };

typedef struct command {
	const char *name;
	const char *usage;     /* what follows the name */
	const char *brief;
	int (*run)(int argc, char **argv);
} command_t;

/** All commands, sorted by name; ended by one without. */
extern const command_t shell_commands[];

const command_t *shell_find(const char *name);

/** One command of a line: words, and where its input and output go. Texts live in the line's storage. */
typedef struct simple {
	int argc;
	char *argv[ARGUMENTS + 1];
	const char *input, *output;
	bool append;
	bool piped;            /* its output is the next one's input */
} simple_t;

/** A line, parsed bit by bit. */
typedef struct line {
	const char *rest;
	char storage[LINE_BYTES];
	size_t used;
} line_t;

/** The next command of @p line: 1; 0 at its end; -1: a mistake, which has been told of. */
int shell_next(line_t *line, simple_t *command);

/** Run the commands of @p text; the last one's status. */
int shell_run(const char *text);

/** Read and run @p file's lines; the last one's status. */
int shell_run_file(FILE *file);

/** Read lines from a person, with editing; the last one's status. */
int shell_interact(void);

/** The last status, and whether `exit` was called. */
extern int shell_status;
extern bool shell_done;

/** Whether the person has pressed ^C since the line was entered: commands give up. */
extern volatile sig_atomic_t shell_interrupted;

/** Tab. */
struct line_editor;
void shell_complete(void *context, struct line_editor *editor);

/** "name: argument: what errno says"; 1, for a command to return. */
int shell_complain(const char *name, const char *argument);

/** "usage: ..." of the command; 2. */
int shell_usage(const char *name);

/** Options of one letter before the operands: sets *@p flags[i] for letter @p letters[i]. The first operand's index, or -1. */
int shell_options(int argc, char **argv, const char *letters, bool *flags);

/** `directory`/`name`; false if it does not fit, of which has been told. */
bool shell_join(char *path, size_t bytes, const char *directory, const char *name);

/* list.c */
int command_ls(int argc, char **argv);

/* files.c */
int command_cp(int argc, char **argv);
int command_mv(int argc, char **argv);
int command_rm(int argc, char **argv);
int command_ln(int argc, char **argv);
int command_mkdir(int argc, char **argv);
int command_rmdir(int argc, char **argv);
int command_touch(int argc, char **argv);
int command_chmod(int argc, char **argv);

/* text.c */
int command_cat(int argc, char **argv);
int command_echo(int argc, char **argv);
int command_head(int argc, char **argv);
int command_hexdump(int argc, char **argv);
int command_wc(int argc, char **argv);

/* system.c */
int command_cd(int argc, char **argv);
int command_df(int argc, char **argv);
int command_env(int argc, char **argv);
int command_exit(int argc, char **argv);
int command_export(int argc, char **argv);
int command_false(int argc, char **argv);
int command_free(int argc, char **argv);
int command_help(int argc, char **argv);
int command_mount(int argc, char **argv);
int command_ps(int argc, char **argv);
int command_pwd(int argc, char **argv);
int command_sync(int argc, char **argv);
int command_true(int argc, char **argv);
int command_uname(int argc, char **argv);
int command_unset(int argc, char **argv);
