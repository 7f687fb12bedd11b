/* SPDX-License-Identifier: Apache-2.0 */
/* shell [-c COMMANDS | FILE]: without either, lines of standard input, edited if a person types them. */
#include "shell.h"

#include <string.h>
#include <unistd.h>

static int run_named_file(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file)
		return shell_complain("shell", path);
	const int status = shell_run_file(file);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-c") == 0)
		return shell_run(argv[2]);
	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		fputs("usage: shell [-c COMMANDS | FILE]\n", stderr);
		return 2;
	}
	if (argc == 2)
		return run_named_file(argv[1]);
	if (isatty(STDIN_FILENO))
		return shell_interact();
	setvbuf(stdin, NULL, _IONBF, 0); /* what follows a line may be a command's input */
	return shell_run_file(stdin);
}
