/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The image's main(): runs the test that argv[1] names by its path below conformance/, such as
 * interfaces/pthread_create/1-1, with the arguments behind. Its exit status is the test's verdict (posixtest.h).
 * Without an argument it lists the tests.
 */
#include <stdio.h>
#include <string.h>

#define PROGRAM(path, main) int main(int argc, char **argv, char **envp);
#include "programs.h"
#undef PROGRAM

static const struct program {
	const char *path;
	int (*main)(int argc, char **argv, char **envp);
} s_programs[] = {
#define PROGRAM(path, main) { path, main },
#include "programs.h"
};

#define PROGRAMS (sizeof s_programs / sizeof *s_programs)
#define BELOW sizeof "conformance"

int main(int argc, char **argv, char **envp)
{
	for (size_t i = 0; i < PROGRAMS; i++) {
		const char *path = s_programs[i].path + BELOW;
		if (argc < 2)
			puts(path);
		else if (strcmp(path, argv[1]) == 0)
			return s_programs[i].main(argc - 1, argv + 1, envp);
	}
	if (argc < 2)
		return 0;
	fprintf(stderr, "no test \"%s\"\n", argv[1]);
	return 100;
}
