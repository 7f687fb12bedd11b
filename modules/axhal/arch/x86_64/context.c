/* SPDX-License-Identifier: Apache-2.0 */
/* New contexts on x86_64; the switch itself is in axhal/arch_context.h. */
#include <axhal/context.h>
#include <memory_addr/memory_addr.h>

/* SSE and x87 as a program finds them (System V ABI for AMD64, section 3.4.1): all exceptions masked. */
#define MXCSR_DEFAULT       0x1f80u
#define X87_CONTROL_DEFAULT 0x037fu

bool axhal_has_fsgsbase;

void axhal_context_init(axhal_context_t *context, void *stack_top, void (*entry)(void *argument),
			void *argument, uintptr_t thread_pointer)
{
	/* As if called: a return address, 0, lies at the stack pointer, and below it rsp + 8 is 16-byte aligned. */
	uintptr_t *stack = (uintptr_t *)align_down((uintptr_t)stack_top, 16);
	*--stack = 0;
	*--stack = 0;
	*context = (axhal_context_t){
		.stack_pointer = (uintptr_t)(stack + 1),
		.pc = (uintptr_t)entry,
		.argument = (uintptr_t)argument,
		.thread_pointer = thread_pointer,
		.mxcsr = MXCSR_DEFAULT,
		.x87_control = X87_CONTROL_DEFAULT,
	};
}
