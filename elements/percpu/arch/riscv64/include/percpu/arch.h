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
#include <percpu/by_size.h>
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

#define PERCPU_LOAD_8_(name) PERCPU_RISCV_LOAD_("ld", name)
#define PERCPU_LOAD_4_(name) PERCPU_RISCV_LOAD_("lwu", name)
#define PERCPU_LOAD_2_(name) PERCPU_RISCV_LOAD_("lhu", name)
#define PERCPU_LOAD_1_(name) PERCPU_RISCV_LOAD_("lbu", name)

#define PERCPU_RISCV_STORE_(store, name, bits)                                                     \
	__asm__ volatile(PERCPU_RISCV_ADDRESS_ store " %1, (t6)"                                   \
			 : "=m"(name)                                                              \
			 : "r"(bits), [address] "r"(&(name))                                       \
			 : "t5", "t6")

#define PERCPU_STORE_8_(name, bits) PERCPU_RISCV_STORE_("sd", name, bits)
#define PERCPU_STORE_4_(name, bits) PERCPU_RISCV_STORE_("sw", name, bits)
#define PERCPU_STORE_2_(name, bits) PERCPU_RISCV_STORE_("sh", name, bits)
#define PERCPU_STORE_1_(name, bits) PERCPU_RISCV_STORE_("sb", name, bits)

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

#define PERCPU_ADD_8_(name, value) PERCPU_RISCV_AMOADD_("amoadd.d", uint64_t, name, value)
#define PERCPU_ADD_4_(name, value) PERCPU_RISCV_AMOADD_("amoadd.w", uint32_t, name, value)

#endif
