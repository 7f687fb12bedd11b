/* SPDX-License-Identifier: Apache-2.0 */
/* The system calls about signals. Each runs the caller's handlers before it returns, if there is one to run. */
#include "signal.h"
#include "time.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <base/base.h>
#include <posix_api/syscalls.h>

enum { PROCESS = 1 };

long ax_sys_rt_sigaction(int signal, const struct ax_sigaction *action, struct ax_sigaction *old,
			 [[maybe_unused]] size_t mask_bytes)
{
	if (!posix_is_signal(signal) || (action && (signal == AX_SIGKILL || signal == AX_SIGSTOP)))
		return -AX_ERR_INVALID_INPUT;
	const struct ax_sigaction before = posix_signal_action(signal, action);
	if (old)
		*old = before;
	return 0;
}

long ax_sys_rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, [[maybe_unused]] size_t mask_bytes)
{
	const uint64_t before = ax_posix_self.mask;
	if (set) {
		switch (how) {
		case AX_SIG_BLOCK:
			posix_set_mask(before | *set);
			break;
		case AX_SIG_UNBLOCK:
			posix_set_mask(before & ~*set);
			break;
		case AX_SIG_SETMASK:
			posix_set_mask(*set);
			break;
		default:
			return -AX_ERR_INVALID_INPUT;
		}
	}
	if (old)
		*old = before;
	(void)posix_signals_deliver();
	return 0;
}

long ax_sys_rt_sigpending(uint64_t *set, [[maybe_unused]] size_t mask_bytes)
{
	*set = posix_pending_signals() & ax_posix_self.mask;
	return 0;
}

/* Sleep until a handler has run, or the thread is to be cancelled. Handlers are held. */
static void wait_for_handler(void)
{
	do {
		while (posix_sleep_until(UINT64_MAX) != AX_ERR_INTERRUPTED)
			;
	} while (ax_posix_wait_interrupted() == AX_POSIX_NOTHING);
}

long ax_sys_pause(void)
{
	ax_posix_wait_begin();
	wait_for_handler();
	ax_posix_wait_end();
	return -AX_ERR_INTERRUPTED;
}

long ax_sys_rt_sigsuspend(const uint64_t *mask, [[maybe_unused]] size_t mask_bytes)
{
	const uint64_t before = ax_posix_self.mask;
	ax_posix_wait_begin();
	posix_set_mask(*mask);
	wait_for_handler();
	posix_set_mask(before);
	ax_posix_wait_end();
	return -AX_ERR_INTERRUPTED;
}

/* As the C library loops when it is interrupted, a handler does not end the wait; a cancellation does. */
long ax_sys_rt_sigtimedwait(const uint64_t *set, struct ax_siginfo *info, const struct ax_timespec *timeout,
			    [[maybe_unused]] size_t mask_bytes)
{
	uint64_t deadline_ns = UINT64_MAX, span_ns;
	if (timeout) {
		if (!posix_to_ns(timeout, &span_ns))
			return -AX_ERR_INVALID_INPUT;
		deadline_ns = posix_add_saturating(axhal_now_ns(), span_ns);
	}
	ax_posix_wait_begin();
	long result = 0;
	while (!result) {
		posix_wait_for(*set); /* anew after handlers, which may have waited too, or never returned */
		const bool late = !(posix_pending_signals() & *set) && posix_sleep_until(deadline_ns) == AX_OK;
		posix_wait_for(0);
		result = posix_signal_take(*set, info);
		if (!result && late)
			result = -AX_ERR_WOULD_BLOCK;
		else if (!result && ax_posix_wait_interrupted() == AX_POSIX_EINTR && ax_posix_cancel_is_due())
			result = -AX_ERR_INTERRUPTED;
	}
	ax_posix_wait_end();
	return result;
}

long ax_sys_sigaltstack(const struct ax_stack *stack, struct ax_stack *old)
{
	ax_posix_thread_t *self = &ax_posix_self;
	const bool in_use = posix_is_on_alternate_stack();
	const struct ax_stack before = {
		.ss_sp = self->alternate_stack,
		.ss_flags = in_use ? AX_SS_ONSTACK : self->alternate_stack ? 0 : AX_SS_DISABLE,
		.ss_size = self->alternate_stack_bytes,
	};
	if (stack) {
		const bool none = stack->ss_flags & AX_SS_DISABLE;
		if (in_use)
			return -AX_ERR_NOT_PERMITTED;
		if (stack->ss_flags & ~AX_SS_DISABLE)
			return -AX_ERR_INVALID_INPUT;
		if (!none && stack->ss_size < AX_MINSIGSTKSZ)
			return -AX_ERR_NO_MEMORY;
		self->alternate_stack = NULL; /* a handler between these lines finds none */
		ax_compiler_barrier();
		self->alternate_stack_bytes = none ? 0 : stack->ss_size;
		ax_compiler_barrier();
		self->alternate_stack = none ? NULL : stack->ss_sp;
	}
	if (old)
		*old = before;
	return 0;
}

static long send(ax_posix_thread_t *thread, posix_signal_t signal)
{
	const long error = signal.number ? posix_signal_send(thread, &ax_posix_self, &signal) : 0;
	(void)posix_signals_deliver();
	return error;
}

static bool is_this_process(int process)
{
	return process == PROCESS || process == 0 || process == -1;
}

long ax_sys_kill(int process, int signal)
{
	if (signal && !posix_is_signal(signal))
		return -AX_ERR_INVALID_INPUT;
	if (!is_this_process(process))
		return -AX_ERR_NO_SUCH_PROCESS;
	return send(NULL, (posix_signal_t){ .number = signal, .code = AX_SI_USER, .from = PROCESS });
}

long ax_sys_rt_sigqueueinfo(int process, int signal, const struct ax_siginfo *info)
{
	if (signal && !posix_is_signal(signal))
		return -AX_ERR_INVALID_INPUT;
	if (process != PROCESS)
		return -AX_ERR_NO_SUCH_PROCESS;
	return send(NULL, (posix_signal_t){ .number = signal, .code = info->si_code, .from = info->sender,
					    .overrun = info->user, .value = info->value });
}

long ax_sys_tkill(int thread, int signal)
{
	if (thread <= 0 || (signal && !posix_is_signal(signal)))
		return -AX_ERR_INVALID_INPUT;
	const int code = thread == ax_posix_self.tid ? AX_SI_USER : AX_SI_TKILL; /* raise() is like kill() */
	posix_signal_t sent = { .number = signal, .code = code, .from = PROCESS };
	const long error = posix_signal_send_to_number(thread, &ax_posix_self, &sent);
	(void)posix_signals_deliver();
	return error;
}

long ax_sys_tgkill(int process, int thread, int signal)
{
	return process == PROCESS ? ax_sys_tkill(thread, signal) : -AX_ERR_NO_SUCH_PROCESS;
}
