/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's sigpause.c, which waits for ever when there is no such signal. */
#include <signal.h>

int sigpause(int number)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, 0, &mask);
	return sigdelset(&mask, number) < 0 ? -1 : sigsuspend(&mask);
}
