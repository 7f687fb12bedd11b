/* SPDX-License-Identifier: Apache-2.0 */
/* On one CPU: locks without size, guards in force exactly while a lock is held. */
#include <axtest.h>
#include <spinlock/spinlock.h>

static raw_spinlock_t s_raw = RAW_SPINLOCK_INIT;
static spinlock_t s_lock = SPINLOCK_INIT;
static irq_spinlock_t s_irq_lock = IRQ_SPINLOCK_INIT;
static int s_rescheduled;

void kernel_guard_irq_deliver(void)
{
}

void kernel_guard_resched(void)
{
	percpu_set(kernel_guard_need_resched, false);
	s_rescheduled++;
}

TEST(locks_take_no_space)
{
	CHECK_EQ(sizeof(raw_spinlock_t), 0);
	CHECK_EQ(sizeof(spinlock_t), 0);
	CHECK_EQ(sizeof(irq_spinlock_t), 0);
}

TEST(raw_lock_guards_nothing)
{
	irq_enable();
	SPIN_GUARD_RAW(&s_raw);
	CHECK_EQ(preempt_count(), 0);
	CHECK(irq_is_enabled());
}

TEST(lock_holds_off_preemption)
{
	spin_lock(&s_lock);
	CHECK_EQ(preempt_count(), 1);
	percpu_set(kernel_guard_need_resched, true);
	CHECK_EQ(s_rescheduled, 0);
	spin_unlock(&s_lock);
	CHECK_EQ(s_rescheduled, 1);
	CHECK(spin_try_lock(&s_lock));
	CHECK_EQ(preempt_count(), 1);
	spin_unlock(&s_lock);
	CHECK_EQ(preempt_count(), 0);
}

TEST(irq_lock_masks_interrupts_and_puts_back_what_was)
{
	irq_state_t outer = spin_lock_irq(&s_irq_lock);
	CHECK(!irq_is_enabled());
	CHECK_EQ(preempt_count(), 1);
	spin_unlock_irq(&s_irq_lock, outer);
	CHECK(irq_is_enabled());
	irq_disable();
	outer = spin_lock_irq(&s_irq_lock);
	spin_unlock_irq(&s_irq_lock, outer);
	CHECK(!irq_is_enabled());
	irq_enable();
}

TEST(irq_unlock_reschedules_once_interrupts_are_back)
{
	s_rescheduled = 0;
	{
		SPIN_GUARD_IRQ(&s_irq_lock);
		percpu_set(kernel_guard_need_resched, true);
	}
	CHECK_EQ(s_rescheduled, 1);
}

static int leave_early(bool early)
{
	SPIN_GUARD(&s_lock);
	if (early)
		return 1;
	SPIN_GUARD_IRQ(&s_irq_lock);
	return (int)preempt_count();
}

TEST(scoped_locks_are_released_on_every_path_out)
{
	CHECK_EQ(leave_early(true), 1);
	CHECK_EQ(preempt_count(), 0);
	CHECK_EQ(leave_early(false), 2);
	CHECK_EQ(preempt_count(), 0);
	CHECK(irq_is_enabled());
}
