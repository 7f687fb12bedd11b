/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals (POSIX.1-2017, 2.4): who can be signalled, to whom a signal goes, and what it does there.
 *
 * A signal is pending, for a thread or for the process, until a thread takes it: posix_signals_deliver() on that thread
 * runs the handler, on the thread's own stack. Who sends picks the thread and notifies it; a thread that begins to block
 * a signal passes what it was notified of on. A deadly signal ends the image where it is sent. There is nobody to stop
 * and to continue the process: signals that do so by default are ignored by default.
 */
#include "signal.h"
#include "time.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/context.h>
#include <axhal/power.h>
#include <axlog/axlog.h>
#include <base/base.h>

irq_spinlock_t posix_signal_lock;
static ax_posix_thread_t *s_threads; /* this and what follows: posix_signal_lock */
static unsigned s_takers;            /* threads with waiting_for */
static struct ax_sigaction s_actions[AX_SIGNALS + 1];
static int s_last_tid;

_Thread_local ax_posix_thread_t ax_posix_self;
ax_posix_pending_t ax_posix_process_pending; /* posix_signal_lock */

ax_posix_thread_t *ax_posix_thread_of(void *thread_pointer)
{
	return (ax_posix_thread_t *)((char *)thread_pointer +
				     ((char *)&ax_posix_self - (char *)__builtin_thread_pointer()));
}

int ax_posix_thread_begin(void *thread_pointer, void *kernel_thread)
{
	ax_posix_thread_t *thread = thread_pointer ? ax_posix_thread_of(thread_pointer) : &ax_posix_self;
	thread->kernel_thread = kernel_thread;
	thread->mask = thread_pointer ? ax_posix_self.mask : 0;
	if (!s_threads) {
		posix_expect_notices();
		posix_faults_begin();
	}
	SPIN_GUARD_IRQ(&posix_signal_lock);
	ax_posix_thread_t **link = &s_threads;
	if (s_threads) /* the first stays so: it is the one to get what is meant for any thread */
		link = &s_threads->next;
	thread->link = link;
	thread->next = *link;
	if (thread->next)
		thread->next->link = &thread->next;
	*link = thread;
	return thread->tid = ++s_last_tid;
}

/* The thread that is to take a signal of the process: who waits for it, else who sends it, else the oldest. */
static ax_posix_thread_t *choose(uint64_t bit, ax_posix_thread_t *self)
{
	ax_posix_thread_t *best = self && self->link && !(self->mask & bit) ? self : NULL;
	for (ax_posix_thread_t *thread = s_threads; thread && (!best || s_takers); thread = thread->next) {
		if (thread->waiting_for & bit)
			return thread;
		if (!best && !(thread->mask & bit))
			best = thread;
	}
	return best;
}

/* The caller no longer takes the signals in @p set. */
static void pass_on(uint64_t set)
{
	for (uint64_t left = ax_posix_process_pending.set & set; left; left &= left - 1) {
		ax_posix_thread_t *thread = choose(left & -left, NULL);
		if (thread)
			posix_notify(thread);
	}
}

void ax_posix_thread_end(void)
{
	ax_posix_thread_t *self = &ax_posix_self;
	SPIN_GUARD_IRQ(&posix_signal_lock);
	*self->link = self->next;
	if (self->next)
		self->next->link = self->link;
	self->link = NULL;
	const uint64_t mask = self->mask;
	self->mask = UINT64_MAX;
	if (unlikely(self->pending.set))
		posix_pending_drop(&self->pending, UINT64_MAX);
	if (unlikely(ax_posix_process_pending.set))
		pass_on(~mask);
}

static bool ignored_by_default(int number)
{
	const uint64_t ignored = posix_signal_bit(AX_SIGCHLD) | posix_signal_bit(AX_SIGURG) |
				 posix_signal_bit(AX_SIGWINCH) | posix_signal_bit(AX_SIGCONT) |
				 posix_signal_bit(AX_SIGSTOP) | posix_signal_bit(AX_SIGTSTP) |
				 posix_signal_bit(AX_SIGTTIN) | posix_signal_bit(AX_SIGTTOU);
	return ignored & posix_signal_bit(number);
}

static bool is_ignored(int number)
{
	const uintptr_t handler = (uintptr_t)s_actions[number].handler;
	return handler == AX_SIG_IGN || (handler == AX_SIG_DFL && ignored_by_default(number));
}

/* Quiet about what a person asked for. */
_Noreturn static void end_by(int number)
{
	if (number != AX_SIGINT)
		ax_error("posix: ended by signal %d", number);
	axhal_exit(128 + number);
}

/* Whom to notify, if anybody; whether the signal is dropped; or whether it is deadly. */
static ax_posix_thread_t *find_taker(ax_posix_thread_t *thread, ax_posix_thread_t *self, int number, bool *dropped,
				     bool *deadly)
{
	const uint64_t bit = posix_signal_bit(number);
	ax_posix_thread_t *taker = thread;
	if (!thread)
		taker = choose(bit, self);
	else if ((thread->mask & bit) && !(thread->waiting_for & bit))
		taker = NULL;
	const bool handled = !taker || (taker->waiting_for & bit);
	*dropped = !handled && is_ignored(number);
	*deadly = !handled && !*dropped && (uintptr_t)s_actions[number].handler == AX_SIG_DFL;
	return taker;
}

/* Lock held. A deadly signal is left to the caller. */
static long send(ax_posix_thread_t *thread, ax_posix_thread_t *self, posix_signal_t *signal, bool *deadly)
{
	bool dropped;
	*deadly = false;
	if (signal->queued) {
		signal->overrun = (int)AX_MIN((int64_t)signal->overrun + 1 + signal->missed, INT32_MAX);
		return 0;
	}
	if (thread && !thread->link)
		return 0; /* it has ended */
	ax_posix_thread_t *taker = find_taker(thread, self, signal->number, &dropped, deadly);
	if (dropped || *deadly)
		return 0;
	if (signal->own)
		signal->overrun = signal->missed;
	const long error = posix_pending_add(thread ? &thread->pending : &ax_posix_process_pending, signal);
	if (!error && taker && taker != self)
		posix_notify(taker);
	return error;
}

long posix_signal_send(ax_posix_thread_t *thread, ax_posix_thread_t *self, posix_signal_t *signal)
{
	bool deadly;
	irq_state_t state = spin_lock_irq(&posix_signal_lock);
	const long error = send(thread, self, signal, &deadly);
	spin_unlock_irq(&posix_signal_lock, state);
	if (deadly)
		end_by(signal->number);
	return error;
}

long posix_signal_send_to_number(int tid, ax_posix_thread_t *self, posix_signal_t *signal)
{
	bool deadly = false;
	irq_state_t state = spin_lock_irq(&posix_signal_lock);
	ax_posix_thread_t *thread = s_threads;
	while (thread && thread->tid != tid)
		thread = thread->next;
	long error = -AX_ERR_NO_SUCH_PROCESS;
	if (thread)
		error = signal->number ? send(thread, self, signal, &deadly) : 0;
	spin_unlock_irq(&posix_signal_lock, state);
	if (deadly)
		end_by(signal->number);
	return error;
}

long posix_with_thread(int tid, long (*act)(ax_posix_thread_t *thread, void *argument), void *argument)
{
	if (tid < 0)
		return -AX_ERR_INVALID_INPUT;
	SPIN_GUARD_IRQ(&posix_signal_lock);
	ax_posix_thread_t *thread = tid ? s_threads : &ax_posix_self;
	while (thread && tid && thread->tid != tid)
		thread = thread->next;
	return thread ? act(thread, argument) : -AX_ERR_NO_SUCH_PROCESS;
}

void posix_signal_withdraw(posix_signal_t *signal)
{
	SPIN_GUARD_IRQ(&posix_signal_lock);
	posix_pending_withdraw(signal);
}

static void fill(struct ax_siginfo *info, const posix_signal_t *signal)
{
	*info = (struct ax_siginfo){
		.si_signo = signal->number,
		.si_code = signal->code,
		.sender = signal->from,
		.user = signal->overrun,
		.value = signal->value,
	};
}

static bool take(ax_posix_thread_t *self, uint64_t set, posix_signal_t *signal)
{
	return posix_pending_take(&self->pending, set, signal) || posix_pending_take(&ax_posix_process_pending, set, signal);
}

int posix_signal_take(uint64_t set, struct ax_siginfo *info)
{
	posix_signal_t signal;
	SPIN_GUARD_IRQ(&posix_signal_lock);
	if (!take(&ax_posix_self, set, &signal))
		return 0;
	if (info)
		fill(info, &signal);
	return signal.number;
}

void posix_wait_for(uint64_t set)
{
	ax_posix_thread_t *self = &ax_posix_self;
	SPIN_GUARD_IRQ(&posix_signal_lock);
	s_takers = s_takers - (self->waiting_for != 0) + (set != 0);
	const uint64_t left = self->waiting_for & self->mask & ~set;
	self->waiting_for = set;
	pass_on(left);
}

/* Lock held. */
static void set_mask(ax_posix_thread_t *self, uint64_t mask)
{
	const uint64_t newly_blocked = mask & ~self->mask;
	self->mask = mask;
	pass_on(newly_blocked);
}

void posix_set_mask(uint64_t mask)
{
	SPIN_GUARD_IRQ(&posix_signal_lock);
	set_mask(&ax_posix_self, mask & ~(posix_signal_bit(AX_SIGKILL) | posix_signal_bit(AX_SIGSTOP)));
}

struct ax_sigaction posix_signal_action(int number, const struct ax_sigaction *action)
{
	SPIN_GUARD_IRQ(&posix_signal_lock);
	const struct ax_sigaction before = s_actions[number];
	if (!action)
		return before;
	s_actions[number] = *action;
	if (is_ignored(number)) {
		posix_pending_drop(&ax_posix_process_pending, posix_signal_bit(number));
		for (ax_posix_thread_t *thread = s_threads; thread; thread = thread->next)
			posix_pending_drop(&thread->pending, posix_signal_bit(number));
	}
	return before;
}

uint64_t posix_pending_signals(void)
{
	return __atomic_load_n(&ax_posix_self.pending.set, __ATOMIC_RELAXED) |
	       __atomic_load_n(&ax_posix_process_pending.set, __ATOMIC_RELAXED);
}

bool posix_is_interrupted(void)
{
	return ax_posix_is_signalled() || ax_posix_cancel_is_due();
}

/* Lock held: the handler is about to run; the mask that is in force meanwhile. */
static void begin_action(int number, struct ax_sigaction *action)
{
	uint64_t mask = s_actions[number].mask & ~(posix_signal_bit(AX_SIGKILL) | posix_signal_bit(AX_SIGSTOP));
	*action = s_actions[number];
	if (!(action->flags & AX_SA_NODEFER))
		mask |= posix_signal_bit(number);
	if (action->flags & AX_SA_RESETHAND)
		s_actions[number].handler = NULL;
	set_mask(&ax_posix_self, ax_posix_self.mask | mask);
}

/* The next handler to run, with the mask that is to be in force meanwhile. */
static bool next_handler(posix_signal_t *signal, struct ax_sigaction *action, uint64_t *mask_before)
{
	ax_posix_thread_t *self = &ax_posix_self;
	SPIN_GUARD_IRQ(&posix_signal_lock);
	do {
		if (!take(self, ~self->mask, signal))
			return false;
	} while (is_ignored(signal->number));
	*mask_before = self->mask;
	begin_action(signal->number, action);
	return true;
}

bool posix_is_on_alternate_stack(void)
{
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	return here - (uintptr_t)ax_posix_self.alternate_stack < ax_posix_self.alternate_stack_bytes;
}

/* With the whole signal information. The mask afterwards is what the handler left in its context. */
__attribute__((noinline)) static void call_with_info(void (*handler)(int), const posix_signal_t *signal,
						     uint64_t *mask)
{
	struct ax_siginfo info;
	struct ax_ucontext context = { .uc_sigmask = { *mask } };
	fill(&info, signal);
	((void (*)(int, struct ax_siginfo *, struct ax_ucontext *))(void *)handler)(signal->number, &info, &context);
	*mask = context.uc_sigmask[0];
}

/* A handler to be run, and the mask after it. */
typedef struct call {
	posix_signal_t signal;
	struct ax_sigaction action;
	uint64_t mask;
} call_t;

static void run(void *argument)
{
	call_t *call = argument;
	if (call->action.flags & AX_SA_SIGINFO)
		call_with_info(call->action.handler, &call->signal, &call->mask);
	else
		call->action.handler(call->signal.number);
}

static void run_handler(call_t *call)
{
	ax_posix_thread_t *self = &ax_posix_self;
	if (!(call->action.flags & AX_SA_ONSTACK) || !self->alternate_stack || posix_is_on_alternate_stack()) {
		run(call);
		return;
	}
	const uintptr_t end = (uintptr_t)self->alternate_stack + self->alternate_stack_bytes;
	axhal_call_on_stack((void *)(end & ~UINT64_C(15)), run, call);
}

ax_posix_interruption_t posix_signals_deliver(void)
{
	call_t call;
	ax_posix_interruption_t result = AX_POSIX_NOTHING;

	posix_alarms_poll();
	POSIX_HANDLERS_GUARD();
	while (ax_posix_is_signalled() && next_handler(&call.signal, &call.action, &call.mask)) {
		if (!call.action.handler)
			end_by(call.signal.number);
		if (!(call.action.flags & AX_SA_RESTART))
			result = AX_POSIX_EINTR;
		else if (result == AX_POSIX_NOTHING)
			result = AX_POSIX_RESTART;
		posix_handler_begin();
		run_handler(&call);
		posix_handler_end();
		posix_set_mask(call.mask);
	}
	return result;
}

static bool has_handler(int number)
{
	return (uintptr_t)s_actions[number].handler > AX_SIG_IGN;
}

bool posix_handles_faults(void)
{
	return ax_posix_self.link && (has_handler(AX_SIGSEGV) || has_handler(AX_SIGBUS));
}

/* The address lies where other signals have the sender and a number (siginfo_t). When the handler returns the access is
 * made again. */
void posix_signal_fault(int number, int code, const void *address)
{
	const uintptr_t at = (uintptr_t)address;
	call_t call = {
		.signal = { .number = number, .code = code, .from = (int)at, .overrun = (int)(at >> 32) },
		.mask = ax_posix_self.mask,
	};
	POSIX_HANDLERS_GUARD();
	irq_state_t state = spin_lock_irq(&posix_signal_lock);
	const bool handled = has_handler(number) && !(call.mask & posix_signal_bit(number));
	if (handled)
		begin_action(number, &call.action);
	spin_unlock_irq(&posix_signal_lock, state);
	if (!handled) {
		ax_error("posix: access to %p", address);
		end_by(number);
	}
	posix_handler_begin();
	run_handler(&call);
	posix_handler_end();
	posix_set_mask(call.mask);
}

long ax_posix_thread_kill(ax_posix_thread_t *thread, int number)
{
	if (number < 0 || number > AX_SIGNALS)
		return -AX_ERR_INVALID_INPUT;
	posix_signal_t signal = { .number = number, .code = AX_SI_TKILL, .from = 1 };
	const long error = number ? posix_signal_send(thread, &ax_posix_self, &signal) : 0;
	(void)posix_signals_deliver();
	return error;
}

static void (*s_cancel)(void); /* ends the calling thread */

void ax_posix_thread_cancel(ax_posix_thread_t *thread, void (*act)(void))
{
	SPIN_GUARD_IRQ(&posix_signal_lock);
	s_cancel = act;
	thread->cancel = true;
	if (thread->link)
		posix_notify(thread);
}

/* Its end is not to be cancelled again. */
_Noreturn static void end_asynchronously(void)
{
	ax_posix_self.cancel_state = AX_POSIX_CANCEL_DISABLE;
	posix_end_masking();
	s_cancel();
	__builtin_unreachable();
}

void ax_posix_attend(void)
{
	(void)posix_take_notice();
	(void)posix_signals_deliver();
	if (ax_posix_cancel_is_due() && ax_posix_self.cancel_async)
		end_asynchronously();
}

void posix_on_notice(void)
{
	if (!ax_posix_self.in_call) /* else the notice stays, and ends the wait */
		ax_posix_attend();
}

void ax_posix_handle_signals(void)
{
	(void)posix_signals_deliver();
}

/* Cancellation, even an asynchronous one, is left to the cancellation point: what it waits for is to be set right. */
ax_posix_interruption_t ax_posix_wait_interrupted(void)
{
	(void)posix_take_notice();
	ax_posix_self.in_call = false;
	const ax_posix_interruption_t result = posix_signals_deliver();
	ax_posix_wait_begin();
	return ax_posix_cancel_is_due() ? AX_POSIX_EINTR : result;
}

void posix_sleepers_clock_was_set(void)
{
	SPIN_GUARD_IRQ(&posix_signal_lock);
	for (ax_posix_thread_t *thread = s_threads; thread; thread = thread->next)
		posix_notify(thread);
}
