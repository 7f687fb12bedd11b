/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For benchmark applications. An operation is measured in batches: warm up once, then read the clocks around a loop
 * of many operations and report what the loop took. `ax bench` runs the application beside its twin on Linux, takes
 * the median batch of each run and prints costs per operation; an application alone prints the raw lines
 *
 *	bench <operation> <cycles> <ns> <operations>
 *
 * The cycle counter is the one that a program may read and that ticks at a constant rate: the TSC on x86_64 (Intel
 * SDM vol. 3, 18.17; not core clocks), `time` on riscv64, CNTVCT_EL0 on aarch64. Under QEMU's -icount it counts
 * instructions on x86_64.
 */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/* Many and short, so that being preempted spoils a few of them and not the median. */
enum { AXBENCH_BATCHES = 15 };

/** Nanoseconds of the monotonic clock. */
uint64_t axbench_now_ns(void);

/** Print one batch's line. @p operation holds no blanks. */
void axbench_report(const char *operation, uint64_t cycles, uint64_t ns, uint64_t operations);

/** Print one line `bench-<what> <value>`: a fact that is not a cost. */
void axbench_note(const char *what, uint64_t value);

/** Operations per batch: the application's first argument, else @p otherwise. */
uint64_t axbench_rounds(int argc, char **argv, uint64_t otherwise);

static inline uint64_t axbench_cycles(void)
{
#if defined(__x86_64__)
	uint32_t low, high;
	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
#elif defined(__riscv)
	uint64_t value;
	__asm__ volatile("rdtime %0" : "=r"(value) : : "memory");
	return value;
#elif defined(__aarch64__)
	uint64_t value;
	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) : : "memory");
	return value;
#else
#error "no cycle counter is known for this architecture"
#endif
}

/** The clocks at the start of a batch. */
typedef struct axbench_start {
	uint64_t cycles, ns;
} axbench_start_t;

static inline axbench_start_t axbench_begin(void)
{
	axbench_start_t start = { .ns = axbench_now_ns() };
	start.cycles = axbench_cycles();
	return start;
}

static inline void axbench_end(const char *operation, axbench_start_t start, uint64_t operations)
{
	uint64_t cycles = axbench_cycles() - start.cycles;
	uint64_t ns = axbench_now_ns() - start.ns;
	axbench_report(operation, cycles, ns, operations);
}

/** The compiler must assume that @p pointer is used, and what it points to. */
static inline void *axbench_keep(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

#pragma GCC visibility pop
