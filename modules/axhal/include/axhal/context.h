/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads' saved contexts. A voluntary switch is a function call: it saves what the ABI says a call must keep
 * (and, by feature, the FP control words and the thread pointer), no more. An interrupt saves all, FP state
 * included, in its own frame; a preemption is a voluntary switch inside it.
 *
 * The switch is inline: the compiler saves the registers that are live around it and no others, and all the state is in the
 * context.
 */
#pragma once

#include <axhal/arch_context.h>
#include <axhal/features.h>
#include <axhal/tls.h>
#include <base/base.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Its address must not change while it is switched away from. */
typedef struct axhal_context {
	union {
		struct {
			uintptr_t stack_pointer;
			uintptr_t pc;
			uintptr_t frame_pointer;
			uintptr_t argument; /* first argument at the first switch; stale after */
		};
		uintptr_t words[4];         /* the same, for the architecture's switch */
	};
	uintptr_t thread_pointer;           /* changes only by axhal_context_set_thread_pointer() */
	axhal_arch_fp_control_t fp_control;
} axhal_context_t;

/**
 * Prepare @p context so that the first switch to it calls entry(argument) on the given stack, with interrupts
 * as the switching thread has them. @p entry must not return. @p thread_pointer: see axhal/tls.h; 0 if none.
 */
void axhal_context_init(axhal_context_t *context, void *stack_top, void (*entry)(void *argument),
			void *argument, uintptr_t thread_pointer);

/**
 * Make @p context that of the running thread, so that axhal_context_switch() can leave it: for the boot thread.
 * @p thread_pointer is what axhal_tls_set() was given, 0 if none.
 */
static inline void axhal_context_adopt(axhal_context_t *context, uintptr_t thread_pointer)
{
	*context = (axhal_context_t){ .thread_pointer = thread_pointer };
}

/** The running thread, whose context is @p context, moves its thread pointer. */
static inline void axhal_context_set_thread_pointer(axhal_context_t *context, uintptr_t thread_pointer)
{
	context->thread_pointer = thread_pointer;
	axhal_tls_set(thread_pointer);
}

/**
 * Leave the running thread, saving it in @p from, and continue @p to; returns when something switches to @p from.
 * Interrupts masked (nothing may run on this CPU between the two), and still masked on return.
 */
static AX_ALWAYS_INLINE void axhal_context_switch(axhal_context_t *from, const axhal_context_t *to)
{
#if AXHAL_FEATURE_FP
	axhal_arch_switch_fp_control(&from->fp_control, &to->fp_control);
#endif
#if AXHAL_FEATURE_TLS
	axhal_arch_switch_thread_pointer(from->thread_pointer, to->thread_pointer);
#endif
	axhal_arch_switch(from->words, to->words);
}

/** Call function(argument) on the stack below @p top, 16-byte aligned, and return when it does. Same context as the caller's. */
void axhal_call_on_stack(void *top, void (*function)(void *argument), void *argument);

#pragma GCC visibility pop
