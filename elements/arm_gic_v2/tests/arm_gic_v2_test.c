/* SPDX-License-Identifier: Apache-2.0 */
/* The registers are plain memory here: the places and values are the specification's. */
#include <arm_gic_v2/arm_gic_v2.h>
#include <axtest.h>
#include <string.h>

static uint32_t s_distributor[0x1000 / 4], s_interface[0x1000 / 4];
static arm_gic_v2_t s_gic;

static void reset(void)
{
	memset(s_distributor, 0, sizeof s_distributor);
	memset(s_interface, 0, sizeof s_interface);
	s_distributor[0x004 / 4] = 2; /* 96 lines */
	s_gic = (arm_gic_v2_t){ (uintptr_t)s_distributor, (uintptr_t)s_interface, false };
	arm_gic_v2_init(&s_gic);
}

TEST(arm_gic_v2_init_sets_up_the_lines_that_there_are)
{
	reset();
	CHECK(s_gic.has_groups);
	CHECK_EQ(s_distributor[0], 3);
	CHECK_EQ(s_distributor[0x184 / 4], 0xffffffff);
	CHECK_EQ(s_distributor[0x188 / 4], 0xffffffff);
	CHECK_EQ(s_distributor[0x18c / 4], 0);
	CHECK_EQ(s_distributor[(0x400 + 95) / 4], 0xa0a0a0a0);
	CHECK_EQ(s_distributor[(0x400 + 96) / 4], 0);
}

TEST(arm_gic_v2_cpu_has_one_message_that_raises_fiq)
{
	reset();
	s_distributor[0x800 / 4] = 0x04040404;
	CHECK_EQ(arm_gic_v2_init_cpu(&s_gic, 2), 4);
	CHECK_EQ(s_distributor[0x080 / 4], ~(1u << 2));
	CHECK_EQ(s_distributor[0x100 / 4], 0xffff);
	CHECK_EQ(s_interface[0x00 / 4], 0xf);
	CHECK_EQ(s_interface[0x04 / 4], 0xff);
}

TEST(arm_gic_v2_shared_line_goes_to_its_targets)
{
	reset();
	arm_gic_v2_enable(&s_gic, 33, 2);
	CHECK_EQ(s_distributor[0x820 / 4], 2u << 8);
	CHECK_EQ(s_distributor[0x104 / 4], 2);
}

TEST(arm_gic_v2_messages_name_targets_and_group)
{
	reset();
	arm_gic_v2_send(&s_gic, 1, 5, false);
	CHECK_EQ(s_distributor[0xf00 / 4], 5u << 16 | 1u << 15 | 1);
	arm_gic_v2_send(&s_gic, 2, 8, true);
	CHECK_EQ(s_distributor[0xf00 / 4], 8u << 16 | 2);
}

TEST(arm_gic_v2_acknowledges_both_groups_by_one_register)
{
	reset();
	s_interface[0x0c / 4] = 7;
	CHECK_EQ(arm_gic_v2_acknowledge(&s_gic), 7);
	arm_gic_v2_end(&s_gic, 7);
	CHECK_EQ(s_interface[0x10 / 4], 7);
}

TEST(arm_gic_v2_without_groups_raises_no_fiq)
{
	reset();
	s_gic.has_groups = false;
	(void)arm_gic_v2_init_cpu(&s_gic, 2);
	CHECK_EQ(s_interface[0x00 / 4], 1);
	arm_gic_v2_send(&s_gic, 2, 8, true);
	CHECK_EQ(s_distributor[0xf00 / 4], 8u << 16 | 2);
}

TEST(arm_gic_v2_line_of_a_message_is_edge_triggered)
{
	reset();
	arm_gic_v2_set_edge(&s_gic, 80);
	arm_gic_v2_set_edge(&s_gic, 83);
	CHECK_EQ(s_distributor[(0xc00 + 80 / 4) / 4], 0x82);
}

TEST(arm_gic_v2_frame_says_which_lines_it_raises)
{
	uint32_t frame[0x1000 / 4] = { [0x008 / 4] = 80u << 16 | 64 };
	unsigned first;
	CHECK_EQ(arm_gic_v2_frame_lines((uintptr_t)frame, &first), 64);
	CHECK_EQ(first, 80);
}
