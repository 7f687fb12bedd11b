/* SPDX-License-Identifier: Apache-2.0 */
/* New contexts; the switch is inline. */
#include <axhal/context.h>

void axhal_context_init(axhal_context_t *context, void *stack_top, void (*entry)(void *argument),
			void *argument, uintptr_t thread_pointer)
{
	*context = (axhal_context_t){
		.stack_pointer = axhal_arch_first_stack_pointer(stack_top),
		.pc = (uintptr_t)entry,
		.argument = (uintptr_t)argument,
		.thread_pointer = thread_pointer,
		.fp_control = AXHAL_ARCH_FP_CONTROL_DEFAULT,
	};
}
