/* SPDX-License-Identifier: Apache-2.0 */
/* The Linux guest's first process: runs the program that the kernel's command line names behind `--`, then powers off. */
#include <stdio.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 1;
	pid_t child = argc > 1 ? fork() : -1;
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	printf("guest: status %d\n", status);
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
