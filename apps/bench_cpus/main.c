/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPU 0 measures, CPU 1 is measured, each time by the clock that they share. A CPU that idles may look for work for a while
 * before it sleeps, so that it matters how long it has been idle. The first argument is the number of samples.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>

enum { SAMPLES_MAX = 10000, SAMPLES = 3000, IDLE_NS = 2000, ASLEEP_NS = 200000, STACK_BYTES = 16384 };

static char s_stack[STACK_BYTES] __attribute__((aligned(16)));
static uint64_t s_samples_ns[SAMPLES_MAX];
static size_t s_count;

static _Atomic uint64_t s_arrived_ns;
static atomic_bool s_computes;
static atomic_uint s_turn;

static void on_wake([[maybe_unused]] void *argument)
{
	if (axhal_cpu_id() == 1)
		s_arrived_ns = ax_now_ns();
}

static void nothing([[maybe_unused]] void *argument)
{
}

static void compute(void)
{
	irq_enable();
	while (s_computes)
		ax_compiler_barrier();
	irq_disable();
}

static void other_cpu([[maybe_unused]] void *argument)
{
	for (;;) {
		if (s_computes) {
			compute();
		} else if (s_turn == 1) {
			s_turn = 0;
			axhal_cpu_wake(0);
		} else {
			axhal_wait_for_irq();
			irq_disable();
		}
	}
}

static void let_pass(uint64_t ns)
{
	const uint64_t start_ns = ax_now_ns();
	while (ax_now_ns() - start_ns < ns)
		ax_compiler_barrier();
}

static uint64_t wake(void)
{
	s_arrived_ns = 0;
	const uint64_t start_ns = ax_now_ns();
	axhal_cpu_wake(1);
	while (!s_arrived_ns)
		axhal_cpu_relax();
	return s_arrived_ns - start_ns;
}

static uint64_t call(void)
{
	const uint64_t start_ns = ax_now_ns();
	axhal_call_on(UINT64_C(1) << 1, nothing, NULL);
	return ax_now_ns() - start_ns;
}

static uint64_t there_and_back(void)
{
	const uint64_t start_ns = ax_now_ns();
	irq_disable();
	s_turn = 1;
	axhal_cpu_wake(1);
	for (; s_turn == 1; irq_disable())
		axhal_wait_for_irq();
	irq_enable();
	return ax_now_ns() - start_ns;
}

/* The samples in order: each goes where it belongs among those before. */
static void insert(size_t at, uint64_t ns)
{
	for (; at > 0 && s_samples_ns[at - 1] > ns; at--)
		s_samples_ns[at] = s_samples_ns[at - 1];
	s_samples_ns[at] = ns;
}

static void measure(const char *what, uint64_t (*sample)(void), uint64_t gap_ns)
{
	for (size_t i = 0; i < s_count; i++) {
		let_pass(gap_ns);
		insert(i, sample());
	}
	ax_print("%-44s median %8llu ns, from %8llu, 9 of 10 below %8llu\n", what,
		 (unsigned long long)s_samples_ns[s_count / 2], (unsigned long long)s_samples_ns[0],
		 (unsigned long long)s_samples_ns[s_count * 9 / 10]);
}

static size_t parse(const char *text)
{
	size_t value = 0;
	for (; *text >= '0' && *text <= '9' && value < SAMPLES_MAX; text++)
		value = value * 10 + (size_t)(*text - '0');
	return *text ? 0 : AX_MIN(value, (size_t)SAMPLES_MAX);
}

int main(int argc, char **argv)
{
	s_count = argc > 1 ? parse(argv[1]) : SAMPLES;
	if (axhal_cpus_present() < 2 || !s_count) {
		ax_print("two CPUs (--smp 2), and how many samples: at least 1\n");
		return 1;
	}
	if (axhal_irq_register(AXHAL_IRQ_WAKE, on_wake, NULL) != AX_OK ||
	    axhal_cpu_start(1, s_stack + sizeof s_stack, other_cpu, NULL) != AX_OK) {
		ax_print("the second CPU does not start\n");
		return 1;
	}
	irq_enable();
	measure("wake a CPU that has just become idle", wake, IDLE_NS);
	measure("wake a CPU that sleeps", wake, ASLEEP_NS);
	measure("call a CPU that has just become idle", call, IDLE_NS);
	measure("call a CPU that sleeps", call, ASLEEP_NS);
	measure("two idle CPUs wake one another, and back", there_and_back, 0);
	s_computes = true;
	axhal_cpu_wake(1);
	measure("wake a CPU that computes: to its handler", wake, IDLE_NS);
	measure("call a CPU that computes", call, IDLE_NS);
	s_computes = false;
	return 0;
}
