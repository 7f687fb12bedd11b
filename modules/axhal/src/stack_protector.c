/* SPDX-License-Identifier: Apache-2.0 */
/* What the compiler's stack protector refers to. Each platform's entry sets the canary before the first protected call. */
#include <panic/panic.h>
#include <stdint.h>

#pragma GCC visibility push(default)
extern uintptr_t __stack_chk_guard;
[[gnu::noreturn]] void __stack_chk_fail(void);
#pragma GCC visibility pop

/* Used: code that refers to it may be generated after link-time optimization has looked for references. */
[[gnu::used]] uintptr_t __stack_chk_guard;

[[gnu::used]] void __stack_chk_fail(void)
{
	PANIC("stack smashed in a function called from %p", __builtin_return_address(0));
}
