/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Per-CPU accesses on aarch64: the platform register x18 (AAPCS64, section 6.1.1) is the CPU's base register; the compiler
 * is told to keep off it (-ffixed-x18), and no context carries it. A load or store adds it to the address itself, so the
 * variable and the CPU belong together. Volatile, so that no value is kept across a place where the thread may have moved.
 */
#pragma once

#include <base/base.h>
#include <percpu/by_size.h>
#include <stdbool.h>
#include <stdint.h>

/* The base instruction by the operand's size, and the letter of the register. */
#define PERCPU_ARM_LOAD_(load, letter, type, name)                                                 \
	({                                                                                         \
		type percpu_word_;                                                                 \
		__asm__ volatile(load " %" letter "0, [x18, %1]"                                   \
				 : "=r"(percpu_word_) : "r"(&(name)), "m"(name));                  \
		percpu_word_;                                                                      \
	})

#define PERCPU_LOAD_8_(name) PERCPU_ARM_LOAD_("ldr", "x", uint64_t, name)
#define PERCPU_LOAD_4_(name) PERCPU_ARM_LOAD_("ldr", "w", uint32_t, name)
#define PERCPU_LOAD_2_(name) PERCPU_ARM_LOAD_("ldrh", "w", uint32_t, name)
#define PERCPU_LOAD_1_(name) PERCPU_ARM_LOAD_("ldrb", "w", uint32_t, name)

#define PERCPU_ARM_STORE_(store, letter, name, bits)                                               \
	__asm__ volatile(store " %" letter "1, [x18, %2]" : "=m"(name) : "r"(bits), "r"(&(name)))

#define PERCPU_STORE_8_(name, bits) PERCPU_ARM_STORE_("str", "x", name, bits)
#define PERCPU_STORE_4_(name, bits) PERCPU_ARM_STORE_("str", "w", name, bits)
#define PERCPU_STORE_2_(name, bits) PERCPU_ARM_STORE_("strh", "w", name, bits)
#define PERCPU_STORE_1_(name, bits) PERCPU_ARM_STORE_("strb", "w", name, bits)

/* Load, add, store: see percpu.h for what that asks of the variable. Both find the CPU that the thread is on. */
#define PERCPU_ARM_ADD_(letter, type, name, value)                                                 \
	({                                                                                         \
		type percpu_sum_;                                                                  \
		__asm__ volatile("ldr %" letter "0, [x18, %2]\n\t"                                 \
				 "add %" letter "0, %" letter "0, %" letter "3\n\t"                \
				 "str %" letter "0, [x18, %2]"                                     \
				 : "=&r"(percpu_sum_), "+m"(name)                                  \
				 : "r"(&(name)), "r"((type)(value)));                              \
		percpu_sum_ == 0;                                                                  \
	})

#define PERCPU_ADD_8_(name, value) PERCPU_ARM_ADD_("x", uint64_t, name, value)
#define PERCPU_ADD_4_(name, value) PERCPU_ARM_ADD_("w", uint32_t, name, value)
