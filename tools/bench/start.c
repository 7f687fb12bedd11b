/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start RUNS PROGRAM...: how long programs take from being started to their first output. Each round starts every
 * program once, so that what disturbs the machine disturbs all alike, and prints one line of nanoseconds, a number a
 * program: from before posix_spawn (which is vfork and exec here) to the first byte in the pipe.
 */
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* 0 if the program could not be started, said nothing, or failed. */
static uint64_t start_once(char *program)
{
	int ends[2];
	char buffer[4096], *arguments[] = { program, NULL };
	if (pipe(ends))
		return 0;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	uint64_t before = now_ns(), elapsed = 0;
	pid_t child;
	int status = 1;
	if (posix_spawn(&child, program, &actions, NULL, arguments, environ) == 0) {
		close(ends[1]);
		if (read(ends[0], buffer, sizeof buffer) > 0)
			elapsed = now_ns() - before;
		while (read(ends[0], buffer, sizeof buffer) > 0)
			;
		waitpid(child, &status, 0);
	} else {
		close(ends[1]);
	}
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	return status == 0 ? elapsed : 0;
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[1]) : 0;
	for (int run = 0; run < runs; run++) {
		for (int i = 2; i < argc; i++) {
			uint64_t elapsed = start_once(argv[i]);
			if (!elapsed) {
				fprintf(stderr, "%s: did not start, said nothing, or failed\n", argv[i]);
				return 1;
			}
			printf("%llu ", (unsigned long long)elapsed);
		}
		printf("\n");
	}
	return 0;
}
