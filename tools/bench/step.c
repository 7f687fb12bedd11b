/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every instruction that a benchmark's batches execute: `step OUTPUT BEGIN STOP REPORT PROGRAM [ARGUMENT...]` runs a
 * program under ptrace(2) and steps it singly wherever a batch is under way. The addresses (hexadecimal) are those of
 * axbench_begin(), axbench_stop() and axbench_report(): see axbench/axbench.h. The program needs no preparation: a
 * breakpoint is written over each function's first byte. x86_64 only; one thread. OUTPUT's lines:
 *
 *	begin
 *	<address of the instruction> <stack pointer before it>
 *	report <operation> <operations>
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BEGIN, STOP, REPORT, BREAKPOINTS, INT3 = 0xcc, NAME_BYTES = 64 };

static pid_t s_child;
static FILE *s_output;
static int s_pending;            /* a signal that the program shall get when it goes on */
static struct breakpoint {
	uint64_t address;
	uint8_t original;
} s_breakpoints[BREAKPOINTS];

static void die(const char *what)
{
	fprintf(stderr, "step: %s: %s\n", what, strerror(errno));
	if (s_child > 0)
		kill(s_child, SIGKILL);
	exit(1);
}

static uint64_t peek(uint64_t address)
{
	errno = 0;
	long word = ptrace(PTRACE_PEEKTEXT, s_child, address, NULL);
	if (errno)
		die("reading the program's memory");
	return (uint64_t)word;
}

static uint8_t exchange(uint64_t address, uint8_t byte)
{
	uint64_t word = peek(address);
	if (ptrace(PTRACE_POKETEXT, s_child, address, (word & ~UINT64_C(0xff)) | byte))
		die("writing a breakpoint");
	return (uint8_t)word;
}

static struct user_regs_struct registers(void)
{
	struct user_regs_struct found;
	if (ptrace(PTRACE_GETREGS, s_child, NULL, &found))
		die("reading registers");
	return found;
}

/* Go on, until the next SIGTRAP; other signals are passed on. Ends with the program. */
static void go_on(int request)
{
	for (;;) {
		int status;
		if (ptrace(request, s_child, NULL, (long)s_pending) || waitpid(s_child, &status, 0) < 0)
			die("going on");
		s_pending = 0;
		if (!WIFSTOPPED(status)) {
			fclose(s_output);
			exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
		}
		if (WSTOPSIG(status) == SIGTRAP)
			return;
		s_pending = WSTOPSIG(status);
		if (request == PTRACE_SINGLESTEP)
			return; /* its handler is stepped too */
	}
}

static void set_address(uint64_t address)
{
	struct user_regs_struct set = registers();
	set.rip = address;
	if (ptrace(PTRACE_SETREGS, s_child, NULL, &set))
		die("writing registers");
}

/* The program stands behind a breakpoint: execute what the breakpoint hid. */
static void step_over(struct breakpoint *breakpoint)
{
	set_address(breakpoint->address);
	exchange(breakpoint->address, breakpoint->original);
	go_on(PTRACE_SINGLESTEP);
	exchange(breakpoint->address, INT3);
}

static void run_until_return(uint64_t return_address)
{
	uint8_t original = exchange(return_address, INT3);
	go_on(PTRACE_CONT);
	exchange(return_address, original);
	set_address(return_address);
}

/* A batch ends where it is stopped, or, if it was for warming up, where the next one begins. */
static void step_batch(void)
{
	fprintf(s_output, "begin\n");
	struct user_regs_struct now = registers();
	while (now.rip != s_breakpoints[BEGIN].address && now.rip != s_breakpoints[STOP].address) {
		fprintf(s_output, "%llx %llx\n", now.rip, now.rsp);
		go_on(PTRACE_SINGLESTEP);
		now = registers();
	}
}

/* The arguments of axbench_report() (System V ABI, 3.2.3): a string, a structure of two words, a number. */
static void note_report(void)
{
	struct user_regs_struct now = registers();
	char name[NAME_BYTES];
	for (size_t i = 0; i < sizeof name; i++) {
		name[i] = (char)peek(now.rdi + i);
		if (!name[i])
			break;
	}
	name[sizeof name - 1] = 0;
	fprintf(s_output, "report %s %llu\n", name, now.rcx);
}

int main(int argc, char **argv)
{
	if (argc < 6 || !(s_output = fopen(argv[1], "w")))
		die("usage: step OUTPUT BEGIN STOP REPORT PROGRAM [ARGUMENT...]");
	s_child = fork();
	if (s_child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[5], argv + 5);
		_exit(127);
	}
	int status;
	if (s_child < 0 || waitpid(s_child, &status, 0) < 0 || !WIFSTOPPED(status))
		die(argv[5]);
	for (int i = 0; i < BREAKPOINTS; i++) {
		s_breakpoints[i].address = strtoull(argv[2 + i], NULL, 16);
		s_breakpoints[i].original = exchange(s_breakpoints[i].address, INT3);
	}
	for (;;) {
		go_on(PTRACE_CONT);
		struct user_regs_struct now = registers();
		for (int i = 0; i < BREAKPOINTS; i++) {
			if (now.rip - 1 != s_breakpoints[i].address)
				continue;
			if (i == REPORT)
				note_report();
			step_over(&s_breakpoints[i]);
			if (i == BEGIN) {
				run_until_return(peek(now.rsp));
				step_batch(); /* and stand before another breakpoint */
			}
		}
	}
}
