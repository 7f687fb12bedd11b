/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CPUs of a process are host threads: CPU 0 its first one, each other one made when it is started. They share
 * everything, signal handlers included; each has its own signal stack, signal mask and timer.
 */
#include <axhal/boot.h>
#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <axhal/tls.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>
#include "../../src/cpus.h"
#include "linux.h"

#define TEXT_(macro) #macro
#define TEXT(macro)  TEXT_(macro)

enum { NO_CPU = AXHAL_MAX_CPUS, DECIMAL = 10, PAUSES_PER_YIELD = 64 };

/* A CPU that has stopped still lets the process be ended. */
#define HELD_WHEN_STOPPED                                                                                              \
	~(UINT64_C(1) << (LINUX_SIGHUP - 1) | UINT64_C(1) << (LINUX_SIGINT - 1) | UINT64_C(1) << (LINUX_SIGQUIT - 1) | \
	  UINT64_C(1) << (LINUX_SIGTERM - 1))

static int s_process;
static PERCPU_DEFINE(int, s_thread) = 0; /* the host's number of this CPU's host thread */
static PERCPU_DEFINE(unsigned, s_pauses) = PAUSES_PER_YIELD; /* left before the next yield */
static unsigned s_present;
static atomic_uint s_stopper = NO_CPU; /* the CPU that has stopped all others */

/* The CPU that is being started. */
static struct {
	unsigned cpu;
	void (*entry)(void *argument);
	void *argument;
	atomic_uint runs;
} s_start;

/* 0: not a number of CPUs that this image can use. */
static unsigned parse_cpus(const char *text)
{
	unsigned cpus = 0;
	do {
		if (*text < '0' || *text > '9')
			return 0;
		cpus = cpus * DECIMAL + (unsigned)(*text - '0');
	} while (*++text && cpus <= AXHAL_MAX_CPUS);
	return cpus <= AXHAL_MAX_CPUS ? cpus : 0;
}

void axhal_linux_cpus_init(void)
{
	const char *wanted = axhal_boot_env("AX_CPUS");
	axhal_cpu_areas_init();
	axhal_linux_set_cpu_base(percpu_base_of[0]);
	s_present = wanted ? parse_cpus(wanted) : AXHAL_MAX_CPUS;
	if (!s_present)
		axhal_linux_die("AX_CPUS is not a number of CPUs from 1 to " TEXT(AX_CONFIG_MAX_CPUS)
				", for which the image was built\n");
	s_process = (int)axhal_linux_getpid();
	percpu_set(s_thread, s_process);
	axhal_linux_irq_init();
}

unsigned axhal_cpus_present(void)
{
	return s_present;
}

/*
 * What is waited for is usually done in less time than the host takes for anything. If not, the CPU that is to do it may
 * be a host thread that does not run, perhaps because this one has its processor: then the wait would last a time slice
 * of the host's, milliseconds.
 */
void axhal_cpu_relax(void)
{
	if (unlikely(percpu_add_is_zero(s_pauses, -1))) {
		percpu_set(s_pauses, PAUSES_PER_YIELD);
		axhal_linux_sched_yield();
	} else {
		axhal_linux_pause();
	}
}

void axhal_linux_signal_cpu(unsigned cpu, int signo)
{
	axhal_linux_tgkill(s_process, *percpu_ptr_of(s_thread, cpu), signo);
}

[[gnu::noreturn]] static void stop(void)
{
	for (;;)
		axhal_linux_ppoll(NULL, 0, NULL);
}

static void on_stop(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	(void)signo;
	(void)info;
	(void)context;
	stop();
}

/* Of CPUs that stop one another, the first goes on. Interrupts stay masked: nothing shall move the caller. */
void axhal_stop_others(void)
{
	unsigned stopper = NO_CPU;
	irq_disable();
	unsigned self = axhal_cpu_id();
	if (!atomic_compare_exchange_strong(&s_stopper, &stopper, self) && stopper != self)
		stop();
	atomic_thread_fence(memory_order_seq_cst);
	uint64_t others = axhal_cpus_online() & ~(UINT64_C(1) << self);
	for (; others; others &= others - 1)
		axhal_linux_signal_cpu((unsigned)__builtin_ctzll(others), LINUX_SIGURG);
}

/* For top, perf and gdb. */
static void name_thread(unsigned cpu)
{
	char name[] = "cpu00", *digit = &name[sizeof "cpu" - 1];
	if (cpu >= DECIMAL)
		*digit++ = (char)('0' + cpu / DECIMAL);
	*digit++ = (char)('0' + cpu % DECIMAL);
	*digit = '\0';
	axhal_linux_prctl(LINUX_PR_SET_NAME, name);
}

/* A new host thread, all signals held back, with the registers of who made it. */
static void begin(void)
{
	unsigned cpu = s_start.cpu;
	void (*entry)(void *) = s_start.entry;
	void *argument = s_start.argument;
	axhal_linux_set_cpu_base(percpu_base_of[cpu]);
	axhal_tls_set(0);
	name_thread(cpu);
	percpu_set(s_thread, (int)axhal_linux_gettid());
	axhal_linux_signals_init();
	axhal_cpu_set_online(cpu);
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load(&s_stopper) != NO_CPU)
		stop();
	atomic_store(&s_start.runs, 1);
	axhal_linux_futex_wake(&s_start.runs);
	entry(argument);
}

ax_err_t axhal_cpu_start(unsigned cpu, void *stack_top, void (*entry)(void *argument), void *argument)
{
	const uint64_t all = ~UINT64_C(0), none = 0;
	if (cpu == 0 || cpu >= s_present)
		return AX_ERR_OUT_OF_RANGE;
	s_start.cpu = cpu;
	s_start.entry = entry;
	s_start.argument = argument;
	atomic_store(&s_start.runs, 0);
	axhal_linux_handle_signal(LINUX_SIGURG, on_stop, LINUX_SA_ONSTACK, HELD_WHEN_STOPPED);
	axhal_linux_sigprocmask(LINUX_SIG_SETMASK, &all);
	long thread = axhal_linux_clone(LINUX_CLONE_A_THREAD, stack_top, begin);
	axhal_linux_sigprocmask(LINUX_SIG_SETMASK, &none);
	if (thread < 0)
		return AX_ERR_NO_MEMORY;
	while (!atomic_load(&s_start.runs))
		axhal_linux_futex_wait(&s_start.runs, 0);
	return AX_OK;
}
