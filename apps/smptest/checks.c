/* SPDX-License-Identifier: Apache-2.0 */
/* What is promised of several CPUs, each promise under as much traffic as all of them can make. */
#include "smptest.h"

#include <axhal/console.h>
#include <axhal/paging.h>
#include <axhal/trap.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <stdatomic.h>

enum { FIRST_VALUE = 7 };

#define ALL_CPUS (~UINT64_C(0) >> (64 - axhal_cpus_present()))

static PERCPU_DEFINE(unsigned, s_mine) = FIRST_VALUE; /* each CPU adds to its own */

/* ------------------------------------------------------------------------------------- numbers and variables */

static void add_to_own(unsigned cpu)
{
	const unsigned rounds = share_of(100000);
	FAILS_UNLESS(percpu_get(s_mine) == FIRST_VALUE);
	for (unsigned i = 0; i < rounds; i++)
		percpu_add(s_mine, cpu + 1);
	FAILS_UNLESS(axhal_cpu_id() == cpu);
	FAILS_UNLESS(percpu_ptr(s_mine) == percpu_ptr_of(s_mine, cpu));
}

static void own_variables(void)
{
	on_all(add_to_own);
	for (unsigned cpu = 0; cpu < axhal_cpus_present(); cpu++)
		FAILS_UNLESS(*percpu_ptr_of(s_mine, cpu) == FIRST_VALUE + share_of(100000) * (cpu + 1));
}

/* --------------------------------------------------------------------------------------------------- clocks */

static _Atomic uint64_t s_latest_ns;

static void look_at_the_clock([[maybe_unused]] unsigned cpu)
{
	const unsigned rounds = share_of(200000);
	for (unsigned i = 0; i < rounds; i++) {
		uint64_t latest = atomic_load(&s_latest_ns);
		const uint64_t now = axhal_now_ns();
		FAILS_UNLESS(now >= latest);
		while (latest < now && !atomic_compare_exchange_weak(&s_latest_ns, &latest, now))
			;
	}
}

static void clock(void)
{
	on_all(look_at_the_clock);
}

static PERCPU_DEFINE(unsigned, s_timers) = 0;

static void on_timer([[maybe_unused]] void *argument)
{
	percpu_add(s_timers, 1);
}

static void set_own_timer(unsigned cpu)
{
	for (unsigned i = 0; i < 100; i++) {
		const unsigned before = percpu_get(s_timers);
		const uint64_t deadline_ns = axhal_now_ns() + (1 + cpu) * 1000;
		irq_disable();
		axhal_timer_set(deadline_ns);
		WAIT_UNTIL(percpu_get(s_timers) != before);
		FAILS_UNLESS(percpu_get(s_timers) == before + 1);
		FAILS_UNLESS(axhal_now_ns() >= deadline_ns);
	}
}

static void timers(void)
{
	FAILS_UNLESS(axhal_irq_register(AXHAL_IRQ_TIMER, on_timer, NULL) == AX_OK);
	on_all(set_own_timer);
}

/* ------------------------------------------------------------------------------------------------- wake-ups */

static atomic_uint s_token;

static void pass_the_token(unsigned cpu)
{
	const unsigned cpus = axhal_cpus_present();
	const unsigned laps = share_of(20000);
	for (unsigned lap = 0; lap < laps; lap++) {
		WAIT_UNTIL(atomic_load(&s_token) == lap * cpus + cpu);
		atomic_store(&s_token, lap * cpus + cpu + 1);
		axhal_cpu_wake((cpu + 1) % cpus);
	}
}

static void wakes(void)
{
	atomic_store(&s_token, 0);
	on_all(pass_the_token);
}

static PERCPU_DEFINE(unsigned, s_woken) = 0;

static void on_wake([[maybe_unused]] void *argument)
{
	FAILS_UNLESS(!irq_is_enabled());
	percpu_add(s_woken, 1);
}

static void wait_for_the_handler([[maybe_unused]] unsigned cpu)
{
	WAIT_UNTIL(percpu_get(s_woken) != 0);
}

static void wakes_with_a_handler(void)
{
	FAILS_UNLESS(axhal_irq_register(AXHAL_IRQ_WAKE, on_wake, NULL) == AX_OK);
	FAILS_UNLESS(axhal_irq_register(AXHAL_IRQ_WAKE, on_wake, NULL) == AX_ERR_ALREADY_EXISTS);
	axhal_cpu_wake(0);
	on_all(wait_for_the_handler);
	wakes();
}

/* ---------------------------------------------------------------------------------------------------- calls */

static PERCPU_DEFINE(unsigned, s_calls) = 0; /* added to by two instructions, and no other call comes between */

static void be_called(void *argument)
{
	const unsigned *target = argument;
	FAILS_UNLESS(!irq_is_enabled());
	FAILS_UNLESS(!target || *target == axhal_cpu_id());
	percpu_set(s_calls, percpu_get(s_calls) + 1);
}

/* Each CPU calls each, one after the other, all at once, and all once more with its own interrupts masked. */
static void call_all([[maybe_unused]] unsigned cpu)
{
	const unsigned rounds = share_of(200);
	for (unsigned round = 0; round < rounds; round++) {
		for (unsigned target = 0; target < axhal_cpus_present(); target++)
			axhal_call_on(UINT64_C(1) << target, be_called, &target);
		axhal_call_on(ALL_CPUS, be_called, NULL);
		IRQ_GUARD();
		axhal_call_on(~UINT64_C(0), be_called, NULL);
	}
}

static void calls(void)
{
	on_all(call_all);
	const unsigned of_each = 3 * share_of(200);
	for (unsigned cpu = 0; cpu < axhal_cpus_present(); cpu++)
		FAILS_UNLESS(*percpu_ptr_of(s_calls, cpu) == of_each * axhal_cpus_present());
}

static unsigned s_returned;

static void note_return(void *argument)
{
	*(unsigned *)argument = 1;
}

static void calls_are_over_on_return(void)
{
	for (unsigned i = 0; i < share_of(1000); i++) {
		for (unsigned cpu = 0; cpu < axhal_cpus_present(); cpu++) {
			s_returned = 0;
			axhal_call_on(UINT64_C(1) << cpu, note_return, &s_returned);
			FAILS_UNLESS(s_returned == 1);
		}
	}
	s_returned = 0;
	axhal_call_on(0, note_return, &s_returned);
	FAILS_UNLESS(s_returned == 0);
}

/* ------------------------------------------------------------------------------------------- rights of pages */

static vaddr_t s_pages; /* one for each CPU */
static PERCPU_DEFINE(unsigned, s_faults) = 0;

static bool on_page_fault([[maybe_unused]] axhal_trap_frame_t *frame, const axhal_page_fault_t *fault)
{
	const vaddr_t own = s_pages + axhal_cpu_id() * PAGE_SIZE;
	percpu_add(s_faults, 1);
	return align_down(fault->vaddr, PAGE_SIZE) == own && axhal_protect(own, PAGE_SIZE, AXHAL_ACCESS_READ_WRITE) == AX_OK;
}

static volatile unsigned *own_word(unsigned cpu)
{
	return (volatile unsigned *)(s_pages + cpu * PAGE_SIZE);
}

/* The page is writable, and this CPU has translated it as such. */
static void write_own(unsigned cpu)
{
	percpu_set(s_faults, 0);
	*own_word(cpu) = cpu;
	FAILS_UNLESS(percpu_get(s_faults) == 0);
}

static void write_own_again(unsigned cpu)
{
	FAILS_UNLESS(*own_word(cpu) == cpu && percpu_get(s_faults) == 0);
	*own_word(cpu) = cpu + 1;
	FAILS_UNLESS(*own_word(cpu) == cpu + 1 && percpu_get(s_faults) == 1);
}

static void read_own_again(unsigned cpu)
{
	FAILS_UNLESS(*own_word(cpu) == cpu && percpu_get(s_faults) == 1);
}

static void protect_all(axhal_access_t access)
{
	FAILS_UNLESS(axhal_protect(s_pages, axhal_cpus_present() * PAGE_SIZE, access) == AX_OK);
}

/* Each CPU's fault changes its page back, while the others' do. */
static void rights(void)
{
	s_pages = take_pages(AXHAL_MAX_CPUS);
	axhal_set_page_fault_handler(on_page_fault);
	for (unsigned i = 0; i < share_of(200); i++) {
		on_all(write_own);
		protect_all(AXHAL_ACCESS_READ);
		on_all(write_own_again);
		on_all(write_own);
		protect_all(AXHAL_ACCESS_NONE);
		on_all(read_own_again);
	}
	axhal_set_page_fault_handler(NULL);
}

static void change_own(unsigned cpu)
{
	const vaddr_t page = s_pages + cpu * PAGE_SIZE;
	for (unsigned i = 0; i < share_of(400); i++) {
		FAILS_UNLESS(axhal_protect(page, PAGE_SIZE, AXHAL_ACCESS_READ) == AX_OK);
		FAILS_UNLESS(axhal_protect(page, PAGE_SIZE, AXHAL_ACCESS_READ_WRITE) == AX_OK);
		*own_word(cpu) = i;
	}
}

static void rights_at_once(void)
{
	on_all(change_own);
}

/* -------------------------------------------------------------------------------------------------- console */

static void write_lines(unsigned cpu)
{
	char line[] = "a line of CPU 00 that is whole\n";
	line[14] = (char)('0' + cpu / 10);
	line[15] = (char)('0' + cpu % 10);
	for (unsigned i = 0; i < 3; i++)
		axhal_console_write(line, sizeof line - 1);
}

static void lines(void)
{
	on_all(write_lines);
}

const check_t checks[] = {
	{ "each CPU has its number and its variables", own_variables },
	{ "no CPU's clock is behind what another has seen", clock },
	{ "each CPU has its timer", timers },
	{ "a wake-up ends the wait, whenever it comes", wakes },
	{ "a wake-up runs its handler on the CPU that is woken", wakes_with_a_handler },
	{ "calls of all on all are made, each once and where it shall be", calls },
	{ "a call is over when it returns", calls_are_over_on_return },
	{ "a change of rights is in force on every CPU", rights },
	{ "changes of rights on all CPUs at once do not wait for one another", rights_at_once },
	{ "lines of several CPUs are whole", lines },
};
const unsigned check_count = ARRAY_SIZE(checks);
