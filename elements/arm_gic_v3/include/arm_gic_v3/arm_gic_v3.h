/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generic interrupt controller, version 3 (Arm, GIC Architecture Specification, IHI 0069): distributor and
 * redistributors. The CPU interface is system registers, which are the architecture's: the user has those. Numbers are as for
 * version 2: 0 to 15 messages, 16 to 31 the CPU's own lines, from 32 on shared lines.
 *
 * Where one security state has all (GICD_CTLR.DS), interrupts are of group 1 and raise IRQ, but for one message of group 0
 * that raises FIQ; elsewhere all are of group 1. No lock: the user serializes; a redistributor is its CPU's own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct arm_gic_v3 {
	uintptr_t distributor, redistributors; /* where the registers are seen */
	size_t redistributors_bytes;
	bool has_groups;                       /* filled by arm_gic_v3_init() */
} arm_gic_v3_t;

enum {
	ARM_GIC_V3_DISTRIBUTOR_BYTES = 0x10000,
	ARM_GIC_V3_FIRST_SHARED = 32,
	ARM_GIC_V3_NONE = 1020, /* acknowledged numbers from here on are no interrupt */
};

/** All shared lines disabled, level-triggered, then the distributor on. Once. */
void arm_gic_v3_init(arm_gic_v3_t *self);

/** The redistributor of the CPU whose MPIDR_EL1 is @p mpidr; 0 if there is none. */
uintptr_t arm_gic_v3_redistributor_of(const arm_gic_v3_t *self, uint64_t mpidr);

/** Wake @p redistributor, this CPU's: its messages on, its own lines disabled. @p fiq_message is of group 0. */
void arm_gic_v3_init_cpu(const arm_gic_v3_t *self, uintptr_t redistributor, unsigned fiq_message);

/** Let one of the CPU's own lines, 16 to 31, through. */
void arm_gic_v3_enable_own(uintptr_t redistributor, unsigned interrupt);

/** Let a shared line through to the CPU whose MPIDR_EL1 is @p mpidr. */
void arm_gic_v3_enable(const arm_gic_v3_t *self, unsigned interrupt, uint64_t mpidr);

/** What ICC_SGI1R_EL1 (group 1) or ICC_SGI0R_EL1 (group 0) takes to raise @p message on the CPU @p mpidr. */
uint64_t arm_gic_v3_message_to(unsigned message, uint64_t mpidr);

#pragma GCC visibility pop
