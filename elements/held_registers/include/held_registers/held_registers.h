/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To prove that an interrupt or a switch keeps all registers: fill them with a pattern, stay in a loop that changes none of
 * them, and look at what they are. Needs floating point.
 */
#pragma once

#include <held_registers/registers.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** A pattern that differs from that of any other @p seed, for each register. */
void held_registers_fill(held_registers_t *registers, uint64_t seed);

/** Load all registers, go round an empty loop @p rounds times (1 or more), and store them. Those of the caller are kept. */
void held_registers_hold(const held_registers_t *loaded, uint64_t rounds, held_registers_t *stored);

#pragma GCC visibility pop
