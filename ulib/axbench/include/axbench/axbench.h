/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For benchmark applications. An operation is measured in batches: warm up once, then read the clocks around a loop
 * of many operations and report what the loop took. `ax bench` runs the application beside its twin on Linux, takes
 * the median batch of each run and prints costs per operation; an application alone prints the raw lines
 *
 *	bench <operation> <cycles> <ns> <operations>
 *
 * The cycle counter is the one that a program may read and that ticks at a constant rate: element cycle_counter.
 *
 * axbench_begin(), axbench_stop() and axbench_report() stay functions of their own in every image: a tracer
 * (tools/bench/step.c) breaks at them, takes each instruction between the first two as the batch's, and reads the
 * third's arguments.
 */
#pragma once

#include <cycle_counter/cycle_counter.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#if __has_attribute(noipa)
#define AXBENCH_FUNCTION __attribute__((noipa))
#else
#define AXBENCH_FUNCTION __attribute__((noinline))
#endif

/* Many and short, so that being preempted spoils a few of them and not the median. */
enum { AXBENCH_BATCHES = 15 };

/** What the clocks showed, or how far they went. */
typedef struct axbench_time {
	uint64_t cycles, ns;
} axbench_time_t;

/** Nanoseconds of the monotonic clock. */
uint64_t axbench_now_ns(void);

/** The clocks at the start of a batch. */
AXBENCH_FUNCTION axbench_time_t axbench_begin(void);

/** What the batch has taken. */
AXBENCH_FUNCTION axbench_time_t axbench_stop(axbench_time_t start);

/** Print one batch's line. @p operation holds no blanks. */
AXBENCH_FUNCTION void axbench_report(const char *operation, axbench_time_t took, uint64_t operations);

/** Print one line `bench-<what> <value>`: a fact that is not a cost. */
void axbench_note(const char *what, uint64_t value);

/** Operations per batch: the application's first argument, else @p otherwise. */
uint64_t axbench_rounds(int argc, char **argv, uint64_t otherwise);

/** Whether the loop @p name shall run: no name stands among the arguments from the second on, or this one does. */
bool axbench_wants(int argc, char **argv, const char *name);

/** The number N of an argument `key=N`, else 0. */
uint64_t axbench_option(int argc, char **argv, const char *key);

static inline uint64_t axbench_cycles(void)
{
	return cycle_counter();
}

static inline void axbench_end(const char *operation, axbench_time_t start, uint64_t operations)
{
	axbench_report(operation, axbench_stop(start), operations);
}

/** The compiler must assume that @p pointer is used, and what it points to. */
static inline void *axbench_keep(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

#pragma GCC visibility pop
