/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feature `timing`: how often and how long each CPU masks interrupts and disables preemption, and where the longest
 * section of each kind began and ended. Without it the hooks below are nothing.
 *
 * A section is the CPU's: it begins when interrupts become masked (preemption becomes disabled) and ends when they are
 * unmasked (it is enabled) again, whichever threads have run between. An interrupt's handling is a section from entry to
 * exit. What waits for an interrupt is none: waiting ends sections, and what is still in force after it begins anew.
 * Nothing counts on a CPU before it has unmasked interrupts for the first time, nor what an exception's handler does.
 *
 * The guards of kernel_guard.h call the hooks themselves. Who owns the ways into and out of interrupts and of waiting
 * calls kernel_guard_timing_begin() and _end() there, and kernel_guard_timing_pause() and _continue().
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/features.h>
#include <stdint.h>

#if KERNEL_GUARD_FEATURE_TIMING
#include <kernel_guard/clock.h>
#endif

#pragma GCC visibility push(default)

/** What a section is made of. */
typedef enum kernel_guard_section {
	KERNEL_GUARD_IRQ_MASKED,
	KERNEL_GUARD_PREEMPT_DISABLED, /* counted with feature `preempt` */
} kernel_guard_section_t;

#if KERNEL_GUARD_FEATURE_TIMING

/** Of one kind of section of a CPU. */
typedef struct kernel_guard_timing {
	uint64_t count;
	uint64_t total_ns;
	uint64_t longest_ns;
	uintptr_t longest_begin, longest_end; /* code addresses: behind the call that masked, and that unmasked */
} kernel_guard_timing_t;

/**
 * The figures of CPU @p cpu, which may be running: they belong to one moment, unless the caller has interrupted the
 * writing of them. Any context.
 */
kernel_guard_timing_t kernel_guard_timing_get(unsigned cpu, kernel_guard_section_t section);

/* A section has begun, or is about to end. On its CPU, while it is in force. */
void kernel_guard_timing_note_begin(kernel_guard_section_t section);
void kernel_guard_timing_note_end(kernel_guard_section_t section);

/* The barriers keep the calls from being the caller's last instruction, whose return address would be another's. */
static AX_ALWAYS_INLINE void kernel_guard_timing_begin(kernel_guard_section_t section)
{
	kernel_guard_timing_note_begin(section);
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE void kernel_guard_timing_end(kernel_guard_section_t section)
{
	kernel_guard_timing_note_end(section);
	ax_compiler_barrier();
}

#else

static AX_ALWAYS_INLINE void kernel_guard_timing_begin([[maybe_unused]] kernel_guard_section_t section)
{
}

static AX_ALWAYS_INLINE void kernel_guard_timing_end([[maybe_unused]] kernel_guard_section_t section)
{
}

#endif

#pragma GCC visibility pop
