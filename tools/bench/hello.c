/* SPDX-License-Identifier: Apache-2.0 */
/* The Linux twin of helloworld: a static program on the host, and the first process of the Linux guest. */
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(void)
{
	printf("Hello, world!\n");
	fflush(stdout);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	return 0;
}
