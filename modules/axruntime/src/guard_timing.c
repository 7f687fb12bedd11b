/* SPDX-License-Identifier: Apache-2.0 */
/* At the end: how long each CPU had interrupts masked and preemption disabled, and where longest. */
#include <axhal/backtrace.h>
#include <axhal/console.h>
#include <axhal/exit_report.h>
#include <axhal/smp.h>
#include <format/format.h>
#include <kernel_guard/kernel_guard.h>

#include "status.h"

static void to_console([[maybe_unused]] void *context, const char *text, size_t length)
{
	axhal_console_write(text, length);
}

/* In the largest unit that leaves a digit in front of the point. */
static void print_time(uint64_t ns)
{
	static const char *const units[] = { "us", "ms", "s" };
	size_t unit = 0;
	uint64_t thousandth = 1; /* of the unit, in ns */
	while (unit < 2 && ns >= 1000000 * thousandth) {
		thousandth *= 1000;
		unit++;
	}
	uint64_t tenths = ns / (100 * thousandth);
	format_to(to_console, NULL, "%llu.%llu %s", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10),
		  units[unit]);
}

static void print_place(uintptr_t address)
{
	size_t offset;
	const char *name = axhal_symbol_name(address - 1, &offset);
	if (name)
		format_to(to_console, NULL, "%s+%#zx", name, offset + 1);
	else
		format_to(to_console, NULL, "%#zx", (size_t)address);
}

static void print_section(unsigned cpu, const char *what, kernel_guard_section_t section)
{
	kernel_guard_timing_t timing = kernel_guard_timing_get(cpu, section);
	if (!timing.count)
		return;
	format_to(to_console, NULL, "cpu %u: %s %llu times, ", cpu, what, (unsigned long long)timing.count);
	print_time(timing.total_ns);
	format_to(to_console, NULL, " in all; longest ");
	print_time(timing.longest_ns);
	format_to(to_console, NULL, " from ");
	print_place(timing.longest_begin);
	format_to(to_console, NULL, " to ");
	print_place(timing.longest_end);
	format_to(to_console, NULL, "\n");
}

void axhal_exit_report(int status)
{
	if (status == STATUS_PANIC)
		return; /* the panic's message is the last word */
	for (unsigned cpu = 0; cpu < AXHAL_MAX_CPUS; cpu++) {
		if (!(axhal_cpus_online() >> cpu & 1))
			continue;
		print_section(cpu, "interrupts masked", KERNEL_GUARD_IRQ_MASKED);
		print_section(cpu, "preemption disabled", KERNEL_GUARD_PREEMPT_DISABLED);
	}
}
