/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process, of which there is one: process 1, owned by user 0. Signals are not delivered to handlers: an action can
 * be set to default or ignore, and a signal sent to oneself ends the program as its default action says, with
 * exit status 128 + number (as a shell reports it). Asking for a handler is answered with success, because programs that
 * do so for ^C or a broken pipe work without; the handler is remembered, and called for raise() and ^C.
 */
#include <axerrno/axerrno.h>
#include <axhal/boot.h>
#include <axhal/power.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

static struct ax_sigaction s_actions[AX_SIGNALS + 1];
static uint64_t s_mask;
static uint64_t s_pending;

long ax_sys_exit_group(int status)
{
	axhal_exit(status & 0xff);
}

long ax_sys_getpid(void)
{
	return 1;
}

long ax_sys_getppid(void)
{
	return 0;
}

long ax_sys_getuid(void)
{
	return 0;
}

long ax_sys_geteuid(void)
{
	return 0;
}

long ax_sys_getgid(void)
{
	return 0;
}

long ax_sys_getegid(void)
{
	return 0;
}

long ax_sys_uname(struct ax_utsname *name)
{
	*name = (struct ax_utsname){
		.sysname = "Ashlar",
		.nodename = "ashlar",
		.release = "0.1",
		.version = "unikernel",
#if defined(__x86_64__)
		.machine = "x86_64",
#elif defined(__aarch64__)
		.machine = "aarch64",
#else
		.machine = "riscv64",
#endif
		.domainname = "(none)",
	};
	return 0;
}

/* Nothing is made up: without a source of entropy the call fails, and the program learns it. */
long ax_sys_getrandom(void *buffer, size_t length, [[maybe_unused]] unsigned flags)
{
	char *to = buffer;
	for (size_t done = 0; done < length;) {
		uint64_t value;
		if (!axhal_entropy(&value))
			return done ? (long)done : -AX_ERR_NOT_IMPLEMENTED;
		size_t count = length - done < sizeof value ? length - done : sizeof value;
		memcpy(to + done, &value, count);
		done += count;
	}
	return (long)length;
}

static bool is_signal(int signal)
{
	return signal >= 1 && signal <= AX_SIGNALS;
}

static uint64_t bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

static bool ignored_by_default(int signal)
{
	return signal == AX_SIGCHLD || signal == AX_SIGURG || signal == AX_SIGWINCH || signal == AX_SIGCONT;
}

static void deliver(int signal)
{
	void (*handler)(int) = s_actions[signal].handler;
	if (handler == (void (*)(int))1)
		return;
	if (handler) {
		const uint64_t mask = s_mask;
		s_mask |= s_actions[signal].mask | bit(signal);
		handler(signal);
		s_mask = mask;
	} else if (!ignored_by_default(signal)) {
		ax_sys_exit_group(128 + signal);
	}
}

static void deliver_pending(void)
{
	while (s_pending & ~s_mask) {
		int signal = __builtin_ctzll(s_pending & ~s_mask) + 1;
		s_pending &= ~bit(signal);
		deliver(signal);
	}
}

long ax_sys_rt_sigaction(int signal, const struct ax_sigaction *action, struct ax_sigaction *old,
			 [[maybe_unused]] size_t mask_bytes)
{
	if (!is_signal(signal) || (action && (signal == AX_SIGKILL || signal == AX_SIGSTOP)))
		return -AX_ERR_INVALID_INPUT;
	struct ax_sigaction was = s_actions[signal];
	if (action)
		s_actions[signal] = *action;
	if (old)
		*old = was;
	return 0;
}

long ax_sys_rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, [[maybe_unused]] size_t mask_bytes)
{
	const uint64_t was = s_mask;
	if (set) {
		switch (how) {
		case AX_SIG_BLOCK:
			s_mask |= *set;
			break;
		case AX_SIG_UNBLOCK:
			s_mask &= ~*set;
			break;
		case AX_SIG_SETMASK:
			s_mask = *set;
			break;
		default:
			return -AX_ERR_INVALID_INPUT;
		}
		s_mask &= ~(bit(AX_SIGKILL) | bit(AX_SIGSTOP));
	}
	if (old)
		*old = was;
	deliver_pending();
	return 0;
}

long ax_sys_kill(int process, int signal)
{
	if (process > 1 || process < -1)
		return -AX_ERR_NO_SUCH_PROCESS;
	if (signal == 0)
		return 0;
	if (!is_signal(signal))
		return -AX_ERR_INVALID_INPUT;
	s_pending |= bit(signal);
	deliver_pending();
	return 0;
}

/* To a thread: the signal is the process's, so only the caller itself can be meant with certainty. */
long ax_sys_tkill(int thread, int signal)
{
	return thread == ax_sys_gettid() ? ax_sys_kill(1, signal) : -AX_ERR_NOT_IMPLEMENTED;
}

long ax_sys_tgkill([[maybe_unused]] int process, int thread, int signal)
{
	return ax_sys_tkill(thread, signal);
}
