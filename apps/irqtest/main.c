/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each check says whether it holds. Deadlines are random and short, so that the interrupt falls on every instruction
 * of masking, unmasking and waiting sooner or later. A lost one would hang the image: who waits gives up after a time
 * that no busy host takes from us.
 */
#include <axhal/irq.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>

enum {
	BUSY_ROUNDS = 5000, WAIT_ROUNDS = 10000, SHORT_NS = 100000, STORM = 1000,
	FEW_FRAMES_BYTES = 16384, /* more than a handful of interrupts leave on a stack, less than a storm would */
};

#define GIVE_UP_NS (30 * AX_NS_PER_SEC)

static volatile unsigned s_fired, s_early, s_while_masked;
static volatile bool s_masked;
static volatile uint64_t s_deadline_ns;
static volatile unsigned s_storm; /* interrupts left that each ask for a reschedule, and for the next interrupt at once */
static unsigned s_reschedules, s_deepest;
static uintptr_t s_lowest, s_highest; /* frames of the handler in the storm */

/* Stands for a switch to other threads and back: the next interrupt is due long before the end. */
void kernel_guard_resched(void)
{
	static unsigned s_depth;
	percpu_set(kernel_guard_need_resched, false);
	s_depth++;
	s_reschedules++;
	s_deepest = AX_MAX(s_deepest, s_depth);
	for (volatile unsigned left = 1000; left; left = left - 1) {
	}
	s_depth--;
}

static void blow(void)
{
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	s_lowest = AX_MIN(s_lowest, here);
	s_highest = AX_MAX(s_highest, here);
	s_storm = s_storm - 1;
	percpu_set(kernel_guard_need_resched, true);
	if (s_storm)
		axhal_timer_set(0);
}

static void on_timer([[maybe_unused]] void *argument)
{
	if (s_storm)
		blow();
	s_while_masked += s_masked || irq_is_enabled();
	s_early += axhal_now_ns() < s_deadline_ns;
	s_fired++;
}

static uint32_t random_below(uint32_t limit)
{
	static uint64_t s_state = 12345;
	s_state = s_state * 6364136223846793005u + 1;
	return (uint32_t)((s_state >> 33) % limit);
}

static void set_timer(uint64_t deadline_ns)
{
	IRQ_GUARD();
	s_deadline_ns = deadline_ns;
	axhal_timer_set(deadline_ns);
}

/* Interrupts unmasked. */
static bool fires(unsigned before)
{
	const uint64_t start_ns = ax_now_ns();
	while (s_fired == before) {
		if (ax_now_ns() - start_ns > GIVE_UP_NS)
			return false;
	}
	return true;
}

static void let_pass(uint64_t ns)
{
	const uint64_t start_ns = ax_now_ns();
	while (ax_now_ns() - start_ns < ns) {
	}
}

static bool registered_once(void)
{
	return axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) == AX_OK &&
	       axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) == AX_ERR_ALREADY_EXISTS;
}

static bool past_deadline(void)
{
	const unsigned before = s_fired;
	set_timer(0);
	return fires(before);
}

static bool taken_back(void)
{
	irq_disable();
	const unsigned before = s_fired;
	axhal_timer_set(ax_now_ns() + AX_NS_PER_SEC / 2);
	axhal_timer_set(UINT64_MAX);
	irq_enable();
	let_pass(AX_NS_PER_SEC / 2 + SHORT_NS);
	return s_fired == before;
}

static bool replaced(void)
{
	const unsigned before = s_fired;
	irq_disable();
	axhal_timer_set(ax_now_ns() + AX_NS_PER_SEC * 1000);
	set_timer(ax_now_ns() + SHORT_NS);
	irq_enable();
	const bool good = fires(before);
	let_pass(10 * SHORT_NS);
	return good && s_fired == before + 1;
}

static bool comes_at_unmasking(void)
{
	const unsigned before = s_fired;
	irq_disable();
	set_timer(ax_now_ns() + SHORT_NS);
	s_masked = true;
	let_pass(10 * SHORT_NS);
	const bool good = s_fired == before;
	s_masked = false;
	irq_enable();
	return good && fires(before);
}

static bool beside_masked_sections(void)
{
	for (int i = 0; i < BUSY_ROUNDS; i++) {
		const unsigned before = s_fired;
		const uint64_t start_ns = ax_now_ns();
		set_timer(start_ns + random_below(8000));
		while (s_fired == before) {
			irq_state_t state = irq_save();
			s_masked = true;
			for (volatile unsigned left = random_below(300); left; left = left - 1) {
			}
			s_masked = false;
			irq_restore(state);
			if (ax_now_ns() - start_ns > GIVE_UP_NS)
				return false;
		}
		if (s_fired != before + 1)
			return false;
	}
	return true;
}

/* A wake-up that is lost between the look and the wait is never made good: nothing else ends this wait. */
static bool waits(void)
{
	for (int i = 0; i < WAIT_ROUNDS; i++) {
		const unsigned before = s_fired;
		irq_disable();
		set_timer(ax_now_ns() + random_below(3000));
		while (s_fired == before) {
			axhal_wait_for_irq();
			irq_disable();
		}
		irq_enable();
	}
	return true;
}

static bool piles_up_no_frames(void)
{
	const uint64_t start_ns = ax_now_ns();
	s_lowest = UINTPTR_MAX;
	irq_disable();
	s_storm = STORM;
	set_timer(0);
	irq_enable();
	while (s_storm) {
		if (ax_now_ns() - start_ns > GIVE_UP_NS)
			return false;
	}
	return s_reschedules == STORM && s_deepest == 1 && s_highest - s_lowest < FEW_FRAMES_BYTES;
}

static bool never_early_never_masked(void)
{
	if (s_early || s_while_masked)
		ax_print("%u early, %u while masked, of %u\n", s_early, s_while_masked, s_fired);
	return !s_early && !s_while_masked;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	static const struct {
		const char *name;
		bool (*check)(void);
	} checks[] = {
		{ "a handler is registered once", registered_once },
		{ "a deadline in the past interrupts at once", past_deadline },
		{ "a timer that is taken back does not interrupt", taken_back },
		{ "a replaced deadline interrupts once", replaced },
		{ "a masked interrupt comes at the unmasking", comes_at_unmasking },
		{ "5000 timers beside masked sections", beside_masked_sections },
		{ "10000 waits around the deadline", waits },
		{ "1000 interrupts that reschedule, each due before the last one has ended, lie one at a time on the stack",
		  piles_up_no_frames },
		{ "none early, none while masked", never_early_never_masked },
	};
	int failed = 0;
	irq_enable();
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		const bool holds = checks[i].check();
		ax_print("%s: %s\n", checks[i].name, holds ? "holds" : "DOES NOT HOLD");
		failed += !holds;
	}
	return failed;
}
