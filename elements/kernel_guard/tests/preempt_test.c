/* SPDX-License-Identifier: Apache-2.0 */
/* Preemption: counted, and a reschedule that is due happens exactly when the last guard ends. */
#include <axtest.h>
#include <kernel_guard/kernel_guard.h>

static int s_rescheduled;

void kernel_guard_resched(void)
{
	percpu_set(kernel_guard_need_resched, false);
	s_rescheduled++;
}

#if KERNEL_GUARD_FEATURE_TIMING
uint64_t kernel_guard_now_ns(void)
{
	static uint64_t s_now_ns;
	return s_now_ns++;
}
#endif

void kernel_guard_irq_deliver(void)
{
}

static void start(bool due)
{
	irq_enable();
	s_rescheduled = 0;
	percpu_set(kernel_guard_need_resched, due);
}

TEST(guards_nest)
{
	start(false);
	{
		PREEMPT_GUARD();
		CHECK_EQ(preempt_count(), 1);
		{
			PREEMPT_GUARD();
			CHECK_EQ(preempt_count(), 2);
		}
		CHECK_EQ(preempt_count(), 1);
	}
	CHECK_EQ(preempt_count(), 0);
	CHECK_EQ(s_rescheduled, 0);
}

TEST(reschedule_happens_when_the_last_guard_ends)
{
	start(false);
	preempt_disable();
	preempt_disable();
	percpu_set(kernel_guard_need_resched, true);
	CHECK(!preempt_resched_is_due());
	preempt_enable();
	CHECK_EQ(s_rescheduled, 0);
	preempt_enable();
	CHECK_EQ(s_rescheduled, 1);
	preempt_disable();
	preempt_enable();
	CHECK_EQ(s_rescheduled, 1);
}

TEST(no_reschedule_with_interrupts_masked)
{
	start(true);
	CHECK(preempt_resched_is_due());
	irq_disable();
	preempt_disable();
	preempt_enable();
	CHECK_EQ(s_rescheduled, 0);
	irq_enable();
	preempt_disable();
	preempt_enable();
	CHECK_EQ(s_rescheduled, 1);
}

TEST(combined_guard_unmasks_before_it_reschedules)
{
	start(true);
	{
		IRQ_PREEMPT_GUARD();
		CHECK(!irq_is_enabled());
		CHECK_EQ(preempt_count(), 1);
	}
	CHECK_EQ(s_rescheduled, 1);
}

TEST(enable_without_reschedule_leaves_it_due)
{
	start(true);
	preempt_disable();
	preempt_enable_no_resched();
	CHECK_EQ(s_rescheduled, 0);
	CHECK(preempt_resched_is_due());
}
