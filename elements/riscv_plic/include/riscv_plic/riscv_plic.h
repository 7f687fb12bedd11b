/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The platform-level interrupt controller (RISC-V Platform-Level Interrupt Controller Specification 1.0.0). A context is a
 * hart in a mode; which number it has, the machine says. No lock: setting up is the user's to serialize; claim and complete
 * are the context's own.
 */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct riscv_plic {
	uintptr_t base;   /* where the registers are seen */
	unsigned context; /* who gets the interrupts */
} riscv_plic_t;

/** Sources have numbers 1 to this. */
enum { RISCV_PLIC_SOURCES = 1023 };

/** Bytes of the register window with this many contexts. */
static inline uint64_t riscv_plic_bytes(unsigned contexts)
{
	return UINT64_C(0x200000) + (uint64_t)contexts * 0x1000;
}

/** No source of 1 to @p sources is enabled for the context, and all that are enabled later come through. */
void riscv_plic_init(const riscv_plic_t *self, unsigned sources);

/** Let source @p source, 1 to RISCV_PLIC_SOURCES, through to the context. */
void riscv_plic_enable(const riscv_plic_t *self, unsigned source);

/** The pending source of highest priority, which is the caller's until completed; 0 if there is none. */
unsigned riscv_plic_claim(const riscv_plic_t *self);

/** The source may interrupt again. */
void riscv_plic_complete(const riscv_plic_t *self, unsigned source);

#pragma GCC visibility pop
