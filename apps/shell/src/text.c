/* SPDX-License-Identifier: Apache-2.0 */
/* What reads files, or standard input, and writes something about them. */
#include "shell.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int check(FILE *file, const char *name, const char *path)
{
	return ferror(file) && !shell_interrupted ? shell_complain(name, path) : 0;
}

/* Standard input, with a buffer of its own: what is left in it is not the next command's. */
static int read_input(const char *name, int (*each)(FILE *file, const char *path))
{
	const int fd = dup(STDIN_FILENO);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file)
		return shell_complain(name, "input");
	int status = each(file, NULL);
	status |= check(file, name, "input");
	fclose(file);
	return status;
}

/* Call @p each for every file that is named, or for standard input. */
static int for_each(const char *name, int argc, char **argv, int first, int (*each)(FILE *file, const char *path))
{
	int status = 0;
	if (first == argc)
		return read_input(name, each);
	for (int i = first; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");
		if (!file) {
			status |= shell_complain(name, argv[i]);
			continue;
		}
		status |= each(file, argv[i]);
		status |= check(file, name, argv[i]);
		fclose(file);
	}
	return status;
}

/* What a person types line by line comes out so. */
static int copy_out(FILE *file, const char *path)
{
	char buffer[4096];
	ssize_t count = 0;
	while (!shell_interrupted && (count = read(fileno(file), buffer, sizeof buffer)) > 0)
		if (fwrite(buffer, 1, (size_t)count, stdout) != (size_t)count || fflush(stdout) != 0)
			return shell_complain("cat", "output");
	return count < 0 && !shell_interrupted ? shell_complain("cat", path ? path : "input") : 0;
}

int command_cat(int argc, char **argv)
{
	return for_each("cat", argc, argv, 1, copy_out);
}

int command_echo(int argc, char **argv)
{
	const bool line_feed = argc < 2 || strcmp(argv[1], "-n") != 0;
	for (int i = line_feed ? 1 : 2; i < argc; i++)
		printf("%s%s", argv[i], i + 1 < argc ? " " : "");
	if (line_feed)
		putchar('\n');
	return fflush(stdout) == 0 ? 0 : shell_complain("echo", "output");
}

static long s_lines;

static int first_lines(FILE *file, const char *path)
{
	(void)path;
	long left = s_lines;
	for (int byte; left > 0 && (byte = getc(file)) != EOF;) {
		putchar(byte);
		left -= byte == '\n';
	}
	return 0;
}

int command_head(int argc, char **argv)
{
	int first = 1;
	s_lines = 10;
	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		char *end;
		s_lines = strtol(argv[2], &end, 10);
		if (*end || s_lines < 0)
			return shell_usage("head");
		first = 3;
	}
	return for_each("head", argc, argv, first, first_lines);
}

static int dump(FILE *file, const char *path)
{
	enum { PER_LINE = 16 };
	unsigned char bytes[PER_LINE];
	size_t count, offset = 0;
	(void)path;
	for (; (count = fread(bytes, 1, PER_LINE, file)) > 0; offset += count) {
		printf("%08zx ", offset);
		for (size_t i = 0; i < PER_LINE; i++) {
			if (i < count)
				printf(" %02x", bytes[i]);
			else
				fputs("   ", stdout);
		}
		fputs("  |", stdout);
		for (size_t i = 0; i < count; i++)
			putchar(isprint(bytes[i]) ? bytes[i] : '.');
		puts("|");
	}
	printf("%08zx\n", offset);
	return 0;
}

int command_hexdump(int argc, char **argv)
{
	return for_each("hexdump", argc, argv, 1, dump);
}

static int count(FILE *file, const char *path)
{
	long lines = 0, words = 0, bytes = 0;
	bool in_word = false;
	for (int byte; (byte = getc(file)) != EOF; bytes++) {
		lines += byte == '\n';
		words += !isspace(byte) && !in_word;
		in_word = !isspace(byte);
	}
	printf("%ld %ld %ld%s%s\n", lines, words, bytes, path ? " " : "", path ? path : "");
	return 0;
}

int command_wc(int argc, char **argv)
{
	return for_each("wc", argc, argv, 1, count);
}
