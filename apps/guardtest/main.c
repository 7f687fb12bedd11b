/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One section of each kind that is twice as long as the longest so far, whatever the host did to the others: the report
 * at the end must name it.
 */
#include <axhal/smp.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>

enum { LEAST_NS = 300000000 };

static void pass_time(uint64_t start_ns, kernel_guard_section_t section)
{
	uint64_t longest_ns = kernel_guard_timing_get(axhal_cpu_id(), section).longest_ns;
	uint64_t ns = longest_ns > LEAST_NS / 2 ? 2 * longest_ns : LEAST_NS;
	while (axhal_now_ns() - start_ns < ns)
		;
}

[[gnu::noinline]] static void masked_for_long(void)
{
	IRQ_GUARD();
	pass_time(axhal_now_ns(), KERNEL_GUARD_IRQ_MASKED);
}

[[gnu::noinline]] static void undisturbed_for_long(void)
{
	PREEMPT_GUARD();
	pass_time(axhal_now_ns(), KERNEL_GUARD_PREEMPT_DISABLED);
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	masked_for_long();
	undisturbed_for_long();
	return 0;
}
