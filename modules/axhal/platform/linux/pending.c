/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts among several CPUs. Each has a word with a bit for every kind of interrupt that is pending there and for how
 * it idles; all changes of it are atomic. Who makes the first bit of an interrupt set in it also tells the CPU: by
 * nothing if it looks at the word anyway, by the futex on the word if it sleeps on that, else by a signal. Later
 * interrupts need no telling until the CPU has taken the word. No store and load need be ordered: it is one word.
 *
 * A signal's handler may itself be interrupted by a signal at any instruction, and its thread then go on elsewhere. The
 * inner one's delivery has taken all that was noted before, so that nothing of the CPU that was left stays behind. What
 * the outer one had not yet noted are deadlines that are over: every delivery looks at the clock for them, and the
 * timer's signal only says that it is time to. The host's signal is noted for all CPUs together, and as the timer's for
 * the one that it came to, so that this one looks. One that comes to nothing, or to another CPU's timer, does no harm.
 */
#include <axhal/smp.h>
#include <axhal/time.h>
#include <stdatomic.h>
#include "../../src/remote_call.h"
#include "pending.h"

enum {
	PENDING_TIMER = AXHAL_LINUX_PENDING_TIMER, /* the time has come to look at the clock */
	PENDING_WAKE = 2,
	PENDING_CALL = 4,
	PENDING = PENDING_TIMER | PENDING_WAKE | PENDING_CALL,
	LOOKS = 8, /* idle, and not to be told: it looks at the word before it does anything else */
	SLEEPS = 16, /* idle in a futex wait for the word to change */
};

/*
 * What an idle CPU spends on looking before it sleeps: about what going to sleep and being woken cost. It pays while who
 * wakes it does so soon and has a processor of the host for itself. So a look in vain makes the next one shorter, down to
 * none; from then on only every so many sleeps are preceded by one, which shows whether times have changed.
 */
enum { LOOK_NS = 10000, LOOK_NS_MIN = 1000, SLEEPS_PER_TRIAL = 16, PAUSES_PER_LOOK_AT_CLOCK = 8 };

PERCPU_DEFINE(atomic_uint, axhal_linux_pending) = 0;
/*
 * When the timer shall interrupt, and when the host's timer will signal: no later. A deadline that is put off, or taken
 * back, costs no system call; the signal then comes to nothing but setting the host's timer anew.
 */
static PERCPU_DEFINE(uint64_t, s_deadline_ns) = UINT64_MAX;
static PERCPU_DEFINE(uint64_t, s_armed_ns) = UINT64_MAX;
static PERCPU_DEFINE(unsigned, s_look_ns) = LOOK_NS;
static PERCPU_DEFINE(unsigned, s_sleeps) = 0; /* without a look before */
static atomic_bool s_input_watched; /* a CPU that idles waits for console input, too */

/* The caller's thread does not migrate, as far as it matters: see above. */
void axhal_linux_note_signal(const struct linux_siginfo *info, struct linux_registers *registers)
{
	if (info->signo == LINUX_SIGIO)
		atomic_store(&axhal_linux_host_fired, true);
	if (info->signo == LINUX_SIGIO || info->code == LINUX_SI_TIMER)
		axhal_linux_pend_timer();
	axhal_linux_skip_syscall(registers);
	axhal_linux_restart_return(registers);
}

bool axhal_linux_note_deadline(uint64_t deadline_ns)
{
	percpu_set(s_deadline_ns, deadline_ns);
	if (deadline_ns >= percpu_get(s_armed_ns))
		return false;
	percpu_set(s_armed_ns, deadline_ns);
	return true;
}

static bool timer_is_due(bool signalled)
{
	uint64_t armed_ns = percpu_get(s_armed_ns);
	if (armed_ns == UINT64_MAX)
		return false;
	uint64_t now_ns = axhal_now_ns();
	if (now_ns < armed_ns && !signalled)
		return false;
	percpu_set(s_armed_ns, UINT64_MAX);
	uint64_t deadline_ns = percpu_get(s_deadline_ns);
	if (now_ns >= deadline_ns) {
		percpu_set(s_deadline_ns, UINT64_MAX);
		return true;
	}
	axhal_timer_set(deadline_ns);
	return false;
}

void axhal_linux_handle_pending(const handler_table_t *handlers)
{
	unsigned pending = atomic_exchange(percpu_ptr(axhal_linux_pending), 0);
	if (pending & PENDING_CALL)
		axhal_remote_calls_run();
	if (timer_is_due(pending & PENDING_TIMER))
		handler_table_call(handlers, HANDLER_TIMER);
	if (pending & PENDING_WAKE)
		handler_table_call(handlers, HANDLER_WAKE);
	axhal_linux_handle_host(handlers);
}

static void interrupt(unsigned cpu, unsigned kind)
{
	atomic_uint *word = percpu_ptr_of(axhal_linux_pending, cpu);
	unsigned before = atomic_fetch_or(word, kind);
	if (before & PENDING)
		return;
	if (before & SLEEPS)
		axhal_linux_futex_wake(word);
	else if (!(before & LOOKS))
		axhal_linux_signal_cpu(cpu, LINUX_SIGALRM);
}

void axhal_cpu_wake(unsigned cpu)
{
	interrupt(cpu, PENDING_WAKE);
}

void axhal_cpu_interrupt_for_call(unsigned cpu)
{
	interrupt(cpu, PENDING_CALL);
}

static bool look_for(atomic_uint *word, unsigned ns)
{
	uint64_t start_ns = axhal_now_ns();
	do {
		for (unsigned i = 0; i < PAUSES_PER_LOOK_AT_CLOCK; i++) {
			if (atomic_load_explicit(word, memory_order_relaxed) & PENDING)
				return true;
			axhal_linux_pause();
		}
	} while (axhal_now_ns() - start_ns < ns);
	return false;
}

/* Whether something has become pending soon. */
static bool look_awhile(atomic_uint *word)
{
	unsigned usual_ns = percpu_get(s_look_ns);
	if (!usual_ns) {
		unsigned sleeps = percpu_get(s_sleeps);
		percpu_set(s_sleeps, (sleeps + 1) % SLEEPS_PER_TRIAL);
		if (sleeps + 1 < SLEEPS_PER_TRIAL)
			return false;
	}
	bool found = look_for(word, usual_ns ? usual_ns : LOOK_NS);
	percpu_set(s_look_ns, found ? LOOK_NS : usual_ns / 2 < LOOK_NS_MIN ? 0 : usual_ns / 2);
	return found;
}

/* The CPU that sleeps in a poll is told by signals, as one that computes is. */
static void sleep(atomic_uint *word)
{
	unsigned looks = LOOKS;
	if (axhal_linux_input_is_wanted() && !atomic_exchange(&s_input_watched, true)) {
		if (atomic_compare_exchange_strong(word, &looks, 0))
			axhal_linux_poll(true);
		atomic_store(&s_input_watched, false);
	} else if (atomic_compare_exchange_strong(word, &looks, SLEEPS)) {
		axhal_linux_futex_wait(word, SLEEPS);
	}
}

/* The word is taken by the delivery, which follows in any case and with it ends LOOKS and SLEEPS. */
void axhal_linux_idle(void)
{
	atomic_uint *word = percpu_ptr(axhal_linux_pending);
	if (!(atomic_fetch_or(word, LOOKS) & PENDING) && !look_awhile(word))
		sleep(word);
	percpu_set(kernel_guard_irq_pending, true);
}
