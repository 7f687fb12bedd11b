/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Per-CPU accesses on riscv64: gp (x3), which neither compiler nor linker uses here, is the CPU's base register; no context
 * carries it. An access takes two instructions, since no load or store adds two registers: the address is made in t6 from
 * t5 by the very instruction PERCPU_RISCV_ADD, and the next one uses it. An interrupt that comes between the two puts the pc
 * back on the first (axhal, arch/riscv64/trap.c), so the variable and the CPU belong together. Volatile, so that no value
 * is kept across a place where the thread may have moved.
 */
#pragma once

/** add t6, t5, gp: 32 bits, whose upper half is no compressed instruction, so the word is found by looking back. */
#define PERCPU_RISCV_ADD 0x003f0fb3

#ifndef __ASSEMBLER__

#include <base/base.h>
#include <stdbool.h>
#include <stdint.h>

#define PERCPU_RISCV_ADDRESS_ "mv t5, %[address]\n\t.4byte 0x003f0fb3\n\t"

#define PERCPU_RISCV_LOAD_(load, name)                                                             \
	({                                                                                         \
		uint64_t percpu_word_;                                                             \
		__asm__ volatile(PERCPU_RISCV_ADDRESS_ load " %0, (t6)"                            \
				 : "=r"(percpu_word_)                                              \
				 : [address] "r"(&(name)), "m"(name)                               \
				 : "t5", "t6");                                                    \
		percpu_word_;                                                                      \
	})

#define percpu_arch_get(name)                                                                      \
	({                                                                                         \
		union {                                                                            \
			__typeof__(name) value;                                                    \
			uint64_t bits;                                                             \
		} percpu_value_;                                                                   \
		percpu_value_.bits = sizeof(name) == 8 ? PERCPU_RISCV_LOAD_("ld", name)            \
			: sizeof(name) == 4 ? PERCPU_RISCV_LOAD_("lwu", name)                      \
			: sizeof(name) == 2 ? PERCPU_RISCV_LOAD_("lhu", name)                      \
					    : PERCPU_RISCV_LOAD_("lbu", name);                     \
		percpu_value_.value;                                                               \
	})

#define PERCPU_RISCV_STORE_(store, name, bits)                                                     \
	__asm__ volatile(PERCPU_RISCV_ADDRESS_ store " %1, (t6)"                                   \
			 : "=m"(name)                                                              \
			 : "r"(bits), [address] "r"(&(name))                                       \
			 : "t5", "t6")

#define percpu_arch_set(name, value_)                                                              \
	({                                                                                         \
		union {                                                                            \
			__typeof__(name) value;                                                    \
			uint64_t bits;                                                             \
		} percpu_value_ = { .bits = 0 };                                                   \
		percpu_value_.value = (value_);                                                    \
		if (sizeof(name) == 8)                                                             \
			PERCPU_RISCV_STORE_("sd", name, percpu_value_.bits);                       \
		else if (sizeof(name) == 4)                                                        \
			PERCPU_RISCV_STORE_("sw", name, percpu_value_.bits);                       \
		else if (sizeof(name) == 2)                                                        \
			PERCPU_RISCV_STORE_("sh", name, percpu_value_.bits);                       \
		else                                                                               \
			PERCPU_RISCV_STORE_("sb", name, percpu_value_.bits);                       \
	})

/* The atomic add is one access; here it is one as against this CPU's interrupts (Unprivileged ISA, "A" extension). */
#define PERCPU_RISCV_AMOADD_(amoadd, type, name, value)                                            \
	({                                                                                         \
		type percpu_before_;                                                               \
		__asm__ volatile(PERCPU_RISCV_ADDRESS_ amoadd " %0, %2, (t6)"                      \
				 : "=r"(percpu_before_), "+m"(name)                                \
				 : "r"((type)(value)), [address] "r"(&(name))                      \
				 : "t5", "t6");                                                    \
		(type)(percpu_before_ + (type)(value)) == 0;                                       \
	})

#define percpu_arch_add_is_zero(name, value)                                                       \
	({                                                                                         \
		_Static_assert(sizeof(name) == 8 || sizeof(name) == 4, "add is of 4 or 8 bytes");  \
		sizeof(name) == 8 ? PERCPU_RISCV_AMOADD_("amoadd.d", uint64_t, name, value)        \
				  : PERCPU_RISCV_AMOADD_("amoadd.w", uint32_t, name, value);       \
	})

#define percpu_arch_add(name, value) ((void)percpu_arch_add_is_zero(name, value))

#endif
