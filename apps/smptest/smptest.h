/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this test give one another. */
#pragma once

#include <axhal/irq.h>
#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>
#include <memory_addr/memory_addr.h>
#include <stdbool.h>

/**
 * Sleep until the condition holds; who makes it hold wakes this CPU. A wake-up that is lost between the look and the wait
 * is never made good: nothing else ends the wait.
 */
#define WAIT_UNTIL(condition)                                                                      \
	do {                                                                                       \
		irq_disable();                                                                     \
		while (!(condition)) {                                                             \
			axhal_wait_for_irq();                                                      \
			irq_disable();                                                             \
		}                                                                                  \
		irq_enable();                                                                      \
	} while (0)

#define FAILS_UNLESS(condition)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			count_failure(__LINE__, #condition);                                       \
	} while (0)

typedef void task_t(unsigned cpu);

/** Report it, if it is one of the first. Any CPU. */
void count_failure(int line, const char *text);

/** Run @p task on every CPU, interrupts unmasked, and wait for all. By CPU 0. */
void on_all(task_t *task);

/** The same without waiting. */
void begin_on_all_others(task_t *task);

/** How often each of the CPUs does something that all together do @p total times. */
unsigned share_of(unsigned total);

/** Pages of free memory, for good. By CPU 0. */
vaddr_t take_pages(size_t pages);

typedef struct check {
	const char *name;
	void (*run)(void);
} check_t;

extern const check_t checks[];
extern const unsigned check_count;

/** Ends the image in the way that @p how names, or returns. */
void crash(const char *how);
