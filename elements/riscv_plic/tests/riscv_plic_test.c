/* SPDX-License-Identifier: Apache-2.0 */
/* The registers are plain memory here: the places and values are the specification's. */
#include <axtest.h>
#include <riscv_plic/riscv_plic.h>
#include <string.h>

enum { CONTEXT = 3 };

static uint32_t s_registers[0x204000 / 4];
static const riscv_plic_t s_plic = { (uintptr_t)s_registers, CONTEXT };

TEST(riscv_plic_init_disables_the_context_s_sources_and_opens_the_threshold)
{
	memset(s_registers, 0xff, sizeof s_registers);
	riscv_plic_init(&s_plic, 63);
	CHECK_EQ(s_registers[(0x2000 + 0x80 * CONTEXT) / 4], 0);
	CHECK_EQ(s_registers[(0x2000 + 0x80 * CONTEXT) / 4 + 1], 0);
	CHECK_EQ(s_registers[(0x2000 + 0x80 * CONTEXT) / 4 + 2], 0xffffffff);
	CHECK_EQ(s_registers[(0x2000 + 0x80 * (CONTEXT - 1)) / 4 + 1], 0xffffffff);
	CHECK_EQ(s_registers[(0x200000 + 0x1000 * CONTEXT) / 4], 0);
}

TEST(riscv_plic_enable_sets_priority_and_one_bit_and_keeps_the_others)
{
	memset(s_registers, 0, sizeof s_registers);
	riscv_plic_enable(&s_plic, 33);
	riscv_plic_enable(&s_plic, 40);
	CHECK_EQ(s_registers[33], 1);
	CHECK_EQ(s_registers[40], 1);
	CHECK_EQ(s_registers[(0x2000 + 0x80 * CONTEXT) / 4 + 1], 1u << 1 | 1u << 8);
}

TEST(riscv_plic_claim_and_complete_use_the_context_s_register)
{
	s_registers[(0x200004 + 0x1000 * CONTEXT) / 4] = 10;
	CHECK_EQ(riscv_plic_claim(&s_plic), 10);
	riscv_plic_complete(&s_plic, 11);
	CHECK_EQ(s_registers[(0x200004 + 0x1000 * CONTEXT) / 4], 11);
}
