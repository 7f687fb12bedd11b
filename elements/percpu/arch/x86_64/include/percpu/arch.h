/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Per-CPU accesses on x86_64: the GS base is the CPU's base register (Intel SDM vol. 1, 3.4.2.1: in 64-bit mode a GS
 * override adds IA32_GS_BASE to the address). The operand "m"(name) is the template's variable; with %gs: in
 * front the same address is this CPU's. Volatile, so that no value is kept across a place where the thread may
 * have moved.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The instruction's suffix letter follows from the register that the compiler gives an operand of name's type. */
#define percpu_arch_get(name)                                                                      \
	({                                                                                         \
		__typeof__(name) percpu_value_;                                                    \
		__asm__ volatile("mov %%gs:%1, %0" : "=q"(percpu_value_) : "m"(name));             \
		percpu_value_;                                                                     \
	})

#define percpu_arch_set(name, value)                                                               \
	({                                                                                         \
		__typeof__(name) percpu_value_ = (value);                                          \
		__asm__ volatile("mov %1, %%gs:%0" : "=m"(name) : "q"(percpu_value_));             \
	})

#define percpu_arch_add(name, value)                                                               \
	({                                                                                         \
		__typeof__(name) percpu_value_ = (__typeof__(name))(value);                        \
		__asm__ volatile("add %1, %%gs:%0" : "+m"(name) : "q"(percpu_value_) : "cc");      \
	})

#define percpu_arch_add_is_zero(name, value)                                                       \
	({                                                                                         \
		__typeof__(name) percpu_value_ = (__typeof__(name))(value);                        \
		bool percpu_zero_;                                                                 \
		__asm__ volatile("add %2, %%gs:%0"                                                 \
				 : "+m"(name), "=@ccz"(percpu_zero_)                               \
				 : "q"(percpu_value_));                                            \
		percpu_zero_;                                                                      \
	})
