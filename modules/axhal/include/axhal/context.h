/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads' saved contexts. A voluntary switch is a function call: it saves what the ABI says a call must keep
 * (and, by feature, the FP control words and the thread pointer), no more. An interrupt saves all, FP state
 * included, in its own frame; a preemption is a voluntary switch inside it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <axhal/arch_context.h> /* axhal_context_t; axhal_context_switch(), _adopt(), _set_thread_pointer() */

#pragma GCC visibility push(default)

/**
 * Prepare @p context so that the first switch to it calls entry(argument) on the given stack, with interrupts
 * as the switching thread has them. @p entry must not return. @p thread_pointer: see axhal/tls.h; 0 if none.
 */
void axhal_context_init(axhal_context_t *context, void *stack_top, void (*entry)(void *argument),
			void *argument, uintptr_t thread_pointer);

/** Call function(argument) on the stack below @p top, 16-byte aligned, and return when it does. Same context as the caller's. */
void axhal_call_on_stack(void *top, void (*function)(void *argument), void *argument);

#pragma GCC visibility pop
