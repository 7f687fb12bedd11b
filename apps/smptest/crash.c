/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to end on a CPU other than the first, while the rest do not listen. */
#include "smptest.h"

#include <axhal/cpu.h>
#include <axhal/power.h>
#include <axhal/trap.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <panic/panic.h>
#include <stdatomic.h>

enum { STATUS = 7 };

static atomic_uint s_deaf; /* CPUs that have masked their interrupts for good */

static unsigned last(void)
{
	return axhal_cpus_present() - 1;
}

/* All but the last CPU. */
static void be_deaf(void)
{
	irq_disable();
	atomic_fetch_add(&s_deaf, 1);
	for (;;)
		axhal_cpu_relax();
}

static void wait_for_the_deaf(void)
{
	while (atomic_load(&s_deaf) != last())
		axhal_cpu_relax();
}

static void panic_task(unsigned cpu)
{
	if (cpu != last())
		be_deaf();
	wait_for_the_deaf();
	PANIC("CPU %u has had enough", cpu);
}

/* All but the first, which sleeps, at the same time. */
static void panics_task(unsigned cpu)
{
	static atomic_uint s_ready;
	if (cpu == 0)
		return;
	atomic_fetch_add(&s_ready, 1);
	while (atomic_load(&s_ready) != last())
		axhal_cpu_relax();
	PANIC("CPU %u has had enough", cpu);
}

static void exit_task(unsigned cpu)
{
	if (cpu != last())
		be_deaf();
	wait_for_the_deaf();
	axhal_exit(STATUS);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
[[gnu::noinline]] static int overflow(int depth)
{
	volatile char held[512];
	held[0] = (char)depth;
	return overflow(depth + 1) + held[0];
}
#pragma GCC diagnostic pop

static const char *guard_name([[maybe_unused]] vaddr_t vaddr)
{
	return "the stack of a CPU";
}

static void overflow_task(unsigned cpu)
{
	if (cpu != last())
		be_deaf();
	wait_for_the_deaf();
	axhal_set_guard_name(guard_name);
	overflow(0);
}

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void crash(const char *how)
{
	static const struct {
		const char *name;
		task_t *task;
	} ways[] = {
		{ "panic", panic_task },
		{ "panics", panics_task },
		{ "exit", exit_task },
		{ "overflow", overflow_task },
	};
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (is(how, ways[i].name))
			on_all(ways[i].task);
	}
	ax_print("known: panic, panics, exit, overflow\n");
}
