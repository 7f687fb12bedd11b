/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generic interrupt controller, version 2 (Arm, GIC Architecture Specification, IHI 0048B). Interrupts are numbered as
 * there: 0 to 15 messages between CPUs (SGIs), 16 to 31 the CPU's own lines (PPIs), from 32 on shared lines (SPIs).
 *
 * Where the controller shows both groups, interrupts are of group 1 and raise IRQ, but for one message of group 0 that raises
 * FIQ: it reaches CPUs that mask IRQ. Where it does not (software in non-secure state), all are alike and raise IRQ.
 * No lock: the user serializes what changes the distributor; the rest is the CPU's own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct arm_gic_v2 {
	uintptr_t distributor, cpu_interface; /* where the registers are seen */
	bool has_groups;                      /* filled by arm_gic_v2_init() */
} arm_gic_v2_t;

enum {
	ARM_GIC_V2_DISTRIBUTOR_BYTES = 0x1000,
	ARM_GIC_V2_CPU_INTERFACE_BYTES = 0x1000,
	ARM_GIC_V2_FIRST_SHARED = 32,
	ARM_GIC_V2_NONE = 1020, /* acknowledged numbers from here on are no interrupt */
};

/** All shared lines disabled, level-triggered, then the distributor on. Once. */
void arm_gic_v2_init(arm_gic_v2_t *self);

/**
 * This CPU's messages and interface on, its own lines disabled.
 * @param fiq_message  the message of group 0
 * @return this CPU's bit among targets
 */
uint8_t arm_gic_v2_init_cpu(const arm_gic_v2_t *self, unsigned fiq_message);

/** Let @p interrupt through. A shared line goes to the CPUs whose bits @p targets has; of others it is ignored. */
void arm_gic_v2_enable(const arm_gic_v2_t *self, unsigned interrupt, uint8_t targets);

/** A shared line is edge-triggered from now on: one that a message raises. Not while it is enabled. */
void arm_gic_v2_set_edge(const arm_gic_v2_t *self, unsigned interrupt);

/** Of a frame of GICv2m, by which devices raise shared lines: the line's number is written to this offset. */
enum { ARM_GIC_V2_FRAME_SET_LINE = 0x40 };

/** The shared lines that the frame seen at @p frame can raise. @return how many; @p first: the first one's number */
unsigned arm_gic_v2_frame_lines(uintptr_t frame, unsigned *first);

/** Raise message @p message, 0 to 15, on CPUs; @p fiq: it is of group 0. Earlier writes are the caller's to order. */
void arm_gic_v2_send(const arm_gic_v2_t *self, unsigned message, uint8_t targets, bool fiq);

/** On IRQ: what to handle, to be handed to arm_gic_v2_end() after that; the number is in bits 9:0. */
uint32_t arm_gic_v2_acknowledge(const arm_gic_v2_t *self);
void arm_gic_v2_end(const arm_gic_v2_t *self, uint32_t acknowledged);

#pragma GCC visibility pop
