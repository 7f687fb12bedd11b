/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts every CPU; each then does what CPU 0 has all do, and sleeps in between. An argument names a way to crash, see
 * crash.c.
 */
#include "smptest.h"

#include <axhal/mem.h>
#include <axhal/paging.h>
#include <axstd/axstd.h>
#include <base/base.h>
#include <stdatomic.h>

enum { STACK_PAGES = 4, REPORTED_FAILURES = 10 };

static atomic_uint s_failures;

/* What CPU 0 has all do: the number of the task comes last, the others' answers first. */
static struct {
	task_t *task;
	atomic_uint number, done;
} s_work;

void count_failure(int line, const char *text)
{
	if (atomic_fetch_add(&s_failures, 1) < REPORTED_FAILURES)
		ax_print("line %d on CPU %u: %s: NO\n", line, axhal_cpu_id(), text);
}

unsigned share_of(unsigned total)
{
	const unsigned share = total / axhal_cpus_present();
	return share ? share : 1;
}

/* From the start of the last region of free memory on: no allocator is in this image. */
vaddr_t take_pages(size_t pages)
{
	static size_t s_taken_bytes;
	size_t count;
	const axhal_mem_region_t *regions = axhal_free_regions(&count);
	const axhal_mem_region_t *last = &regions[count - 1];
	const size_t bytes = pages * PAGE_SIZE;
	if (bytes > last->size_bytes - s_taken_bytes)
		return 0;
	s_taken_bytes += bytes;
	return (vaddr_t)axhal_phys_to_virt(last->start_paddr + s_taken_bytes - bytes);
}

static paddr_t take_frame(void)
{
	const vaddr_t page = take_pages(1);
	return page ? axhal_virt_to_phys((void *)page) : 0;
}

static void work(void *argument)
{
	const unsigned cpu = (unsigned)(uintptr_t)argument;
	FAILS_UNLESS(!irq_is_enabled());
	FAILS_UNLESS(axhal_cpu_id() == cpu);
	FAILS_UNLESS(axhal_cpus_online() >> cpu & 1);
	for (unsigned seen = 0;;) {
		WAIT_UNTIL(atomic_load(&s_work.number) != seen);
		seen++;
		s_work.task(cpu);
		atomic_fetch_add(&s_work.done, 1);
		axhal_cpu_wake(0);
	}
}

void begin_on_all_others(task_t *task)
{
	s_work.task = task;
	atomic_store(&s_work.done, 0);
	atomic_fetch_add(&s_work.number, 1);
	for (unsigned cpu = 1; cpu < axhal_cpus_present(); cpu++)
		axhal_cpu_wake(cpu);
}

void on_all(task_t *task)
{
	begin_on_all_others(task);
	task(0);
	WAIT_UNTIL(atomic_load(&s_work.done) == axhal_cpus_present() - 1);
}

/* A stack with a page below it that may not be touched. */
static void *take_stack(void)
{
	const vaddr_t guard = take_pages(1 + STACK_PAGES);
	FAILS_UNLESS(guard && axhal_protect(guard, PAGE_SIZE, AXHAL_ACCESS_NONE) == AX_OK);
	return (void *)(guard + (1 + STACK_PAGES) * PAGE_SIZE);
}

static void start_all(void)
{
	FAILS_UNLESS(axhal_cpus_present() == AXHAL_MAX_CPUS);
	FAILS_UNLESS(axhal_cpu_id() == 0 && axhal_cpus_online() == 1);
	FAILS_UNLESS(axhal_cpu_start(0, take_stack(), work, NULL) == AX_ERR_OUT_OF_RANGE);
	FAILS_UNLESS(axhal_cpu_start(axhal_cpus_present(), take_stack(), work, NULL) == AX_ERR_OUT_OF_RANGE);
	for (unsigned cpu = 1; cpu < axhal_cpus_present(); cpu++) {
		FAILS_UNLESS(axhal_cpu_start(cpu, take_stack(), work, (void *)(uintptr_t)cpu) == AX_OK);
		FAILS_UNLESS(axhal_cpus_online() == (UINT64_C(2) << cpu) - 1);
	}
}

int main(int argc, char **argv)
{
	irq_enable();
	axhal_set_frame_source(take_frame);
	start_all();
	if (argc > 1)
		crash(argv[1]);
	ax_print("%u CPUs\n", axhal_cpus_present());
	for (unsigned i = 0; i < check_count; i++) {
		const unsigned before = atomic_load(&s_failures);
		checks[i].run();
		ax_print("%s: %s\n", checks[i].name, atomic_load(&s_failures) == before ? "holds" : "DOES NOT HOLD");
	}
	return atomic_load(&s_failures) != 0;
}
