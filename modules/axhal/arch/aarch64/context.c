/* SPDX-License-Identifier: Apache-2.0 */
/* New contexts on aarch64; the switch itself is in axhal/arch_context.h. */
#include <axhal/context.h>
#include <memory_addr/memory_addr.h>

/* Floating point as a program finds it: round to nearest, no flags, nothing trapped. */
void axhal_context_init(axhal_context_t *context, void *stack_top, void (*entry)(void *argument),
			void *argument, uintptr_t thread_pointer)
{
	*context = (axhal_context_t){
		.stack_pointer = align_down((uintptr_t)stack_top, 16),
		.pc = (uintptr_t)entry,
		.argument = (uintptr_t)argument,
		.thread_pointer = thread_pointer,
	};
}
