/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts masked in software: no signal is lost and none is handled while masked. */
#include <axtest.h>
#include <kernel_guard/kernel_guard.h>
#include <signal.h>
#include <sys/time.h>

static volatile int s_handled;
static volatile bool s_masked_section; /* set by the test while interrupts are masked */
static volatile bool s_violated;
static volatile int s_signals;

static void handle(void)
{
	if (s_masked_section)
		s_violated = true;
	s_handled++;
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
	if (!kernel_guard_irq_arrive())
		return;
	do
		handle();
	while (kernel_guard_irq_leave());
}

static void on_signal(int number)
{
	(void)number;
	s_signals++;
	kernel_guard_irq_deliver();
}

TEST(interrupts_start_masked)
{
	CHECK(!irq_is_enabled());
	irq_enable();
	CHECK(irq_is_enabled());
}

TEST(save_and_restore_nest)
{
	irq_state_t outer = irq_save();
	irq_state_t inner = irq_save();
	irq_restore(inner);
	CHECK(!irq_is_enabled());
	irq_restore(outer);
	CHECK(irq_is_enabled());
}

TEST(signal_while_masked_is_handled_at_the_restore)
{
	signal(SIGUSR1, on_signal);
	s_handled = 0;
	irq_state_t before = irq_save();
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK_EQ(s_handled, 0);
	irq_restore(before);
	CHECK_EQ(s_handled, 1);
	raise(SIGUSR1);
	CHECK_EQ(s_handled, 2);
}

TEST(guard_ends_with_its_block_on_every_path)
{
	for (int i = 0; i < 3; i++) {
		IRQ_GUARD();
		CHECK(!irq_is_enabled());
		if (i == 1)
			continue;
	}
	CHECK(irq_is_enabled());
	{
		IRQ_PREEMPT_GUARD();
		CHECK(!irq_is_enabled());
	}
	CHECK(irq_is_enabled());
}

TEST(no_signal_of_a_storm_is_lost_or_handled_while_masked)
{
	signal(SIGALRM, on_signal);
	struct itimerval every = { { 0, 50 }, { 0, 50 } }, never = {};
	s_signals = 0;
	setitimer(ITIMER_REAL, &every, NULL);
	for (long i = 0; i < 100 * 1000 * 1000 && s_signals < 2000; i++) {
		IRQ_GUARD();
		s_masked_section = true;
		s_masked_section = false;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	CHECK(!s_violated);
	CHECK(s_signals > 0);
	CHECK(!kernel_guard_irq_pending);
	CHECK(irq_is_enabled());
}

TEST(preemption_guards_are_nothing_without_the_feature)
{
	PREEMPT_GUARD();
	CHECK_EQ(preempt_count(), 0);
	CHECK(!preempt_resched_is_due());
}
