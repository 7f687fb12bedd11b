/* SPDX-License-Identifier: Apache-2.0 */
/* What counts as a section and how long it was, by a clock that the test moves. */
#include <axtest.h>
#include <kernel_guard/kernel_guard.h>

static uint64_t s_now_ns = 1000;
static bool s_signal_pending;
static int s_rescheduled;

uint64_t kernel_guard_now_ns(void)
{
	return s_now_ns;
}

/* The handling of an interrupt takes 7 ns. */
void kernel_guard_irq_deliver(void)
{
	if (!kernel_guard_irq_arrive())
		return;
	do {
		s_signal_pending = false;
		s_now_ns += 7;
	} while (kernel_guard_irq_leave());
}

static void raise_signal(void)
{
	s_signal_pending = true;
	kernel_guard_irq_deliver();
}

void kernel_guard_resched(void)
{
	percpu_set(kernel_guard_need_resched, false);
	s_rescheduled++;
}

typedef struct change {
	uint64_t count, total_ns;
} change_t;

static kernel_guard_timing_t s_before[2];

static void begin(void)
{
	irq_enable();
	for (int i = 0; i < 2; i++)
		s_before[i] = kernel_guard_timing_get(0, (kernel_guard_section_t)i);
}

static change_t since_begin(kernel_guard_section_t section)
{
	kernel_guard_timing_t now = kernel_guard_timing_get(0, section);
	return (change_t){ now.count - s_before[section].count, now.total_ns - s_before[section].total_ns };
}

static bool is(kernel_guard_section_t section, uint64_t count, uint64_t total_ns)
{
	change_t change = since_begin(section);
	return change.count == count && change.total_ns == total_ns;
}

TEST(boot_counts_for_nothing)
{
	PREEMPT_GUARD();
	s_now_ns += 100;
	irq_state_t before = irq_save();
	irq_restore(before);
	CHECK(!irq_is_enabled());
	CHECK_EQ(kernel_guard_timing_get(0, KERNEL_GUARD_IRQ_MASKED).count, 0);
	irq_enable();
	CHECK_EQ(kernel_guard_timing_get(0, KERNEL_GUARD_IRQ_MASKED).count, 0);
	preempt_enable_no_resched();
	CHECK_EQ(kernel_guard_timing_get(0, KERNEL_GUARD_PREEMPT_DISABLED).count, 0);
	preempt_disable();
}

TEST(nested_guards_are_one_section)
{
	begin();
	{
		IRQ_GUARD();
		s_now_ns += 3;
		{
			IRQ_GUARD();
			s_now_ns += 4;
		}
		irq_disable();
		s_now_ns += 5;
	}
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 12));
	{
		PREEMPT_GUARD();
		s_now_ns += 1;
		PREEMPT_GUARD();
		s_now_ns += 1;
	}
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 1, 2));
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 12));
}

TEST(both_guards_are_a_section_of_each_kind)
{
	begin();
	{
		IRQ_PREEMPT_GUARD();
		s_now_ns += 9;
	}
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 9));
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 1, 9));
}

TEST(unmasking_what_is_unmasked_is_no_section)
{
	begin();
	irq_enable();
	irq_state_t before = irq_save();
	s_now_ns += 2;
	irq_enable();
	s_now_ns += 50;
	irq_restore(before);
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 2));
}

TEST(an_interrupt_is_a_section_from_entry_to_exit)
{
	begin();
	s_now_ns += 100;
	raise_signal();
	s_now_ns += 100;
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 7));
	irq_disable();
	s_now_ns += 20;
	raise_signal();
	CHECK(s_signal_pending);
	irq_enable();
	CHECK(!s_signal_pending);
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 3, 7 + 20 + 7));
}

TEST(waiting_for_an_interrupt_is_no_section)
{
	begin();
	preempt_disable();
	irq_disable();
	s_now_ns += 5;
	kernel_guard_timing_pause();
	s_now_ns += 1000;
	raise_signal();
	irq_enable(); /* delivers it */
	kernel_guard_timing_continue();
	s_now_ns += 6;
	preempt_enable();
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 2, 5 + 7));
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 2, 5 + 6));
}

/* Thread a goes to sleep with a guard; b, which came with one, goes on; then c, which came with none. */
TEST(a_section_that_another_thread_ends_is_one)
{
	begin();
	preempt_disable();
	irq_disable();
	s_now_ns += 10;
	unsigned held = preempt_count();
	preempt_count_restore(held); /* b's */
	s_now_ns += 10;
	irq_enable();
	preempt_enable();
	CHECK(is(KERNEL_GUARD_IRQ_MASKED, 1, 20));
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 1, 20));
	preempt_disable();
	s_now_ns += 1;
	preempt_count_restore(0); /* c's */
	s_now_ns += 10;
	preempt_count_restore(1); /* a's again */
	s_now_ns += 2;
	preempt_enable();
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 3, 23));
}

TEST(a_reschedule_comes_after_the_section)
{
	begin();
	percpu_set(kernel_guard_need_resched, true);
	preempt_disable();
	s_now_ns += 4;
	preempt_enable();
	CHECK_EQ(s_rescheduled, 1);
	CHECK(is(KERNEL_GUARD_PREEMPT_DISABLED, 1, 4));
}

[[gnu::noinline]] static void long_section(void)
{
	IRQ_GUARD();
	s_now_ns += 100000;
}

static bool lies_in(uintptr_t address, void (*function)(void))
{
	return address - (uintptr_t)function < 4096;
}

TEST(the_longest_section_is_known_by_its_code)
{
	begin();
	long_section();
	for (int i = 0; i < 10; i++) {
		IRQ_GUARD();
		s_now_ns += 99999;
	}
	kernel_guard_timing_t timing = kernel_guard_timing_get(0, KERNEL_GUARD_IRQ_MASKED);
	CHECK_EQ(timing.longest_ns, 100000);
	CHECK(timing.longest_begin < timing.longest_end);
	CHECK(lies_in(timing.longest_begin, long_section));
	CHECK(lies_in(timing.longest_end, long_section));
	CHECK(kernel_guard_timing_get(0, KERNEL_GUARD_PREEMPT_DISABLED).longest_ns < 100000);
}
