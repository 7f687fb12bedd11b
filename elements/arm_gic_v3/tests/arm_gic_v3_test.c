/* SPDX-License-Identifier: Apache-2.0 */
/* The registers are plain memory here: the places and values are the specification's. */
#include <arm_gic_v3/arm_gic_v3.h>
#include <axtest.h>
#include <string.h>

enum { FRAME = 0x10000 / 4 };

static uint32_t s_distributor[FRAME], s_redistributors[3 * 2 * FRAME];
static arm_gic_v3_t s_gic;

static void reset(void)
{
	memset(s_distributor, 0, sizeof s_distributor);
	memset(s_redistributors, 0, sizeof s_redistributors);
	s_distributor[0x004 / 4] = 1; /* 64 lines */
	for (uint32_t cpu = 0; cpu < 3; cpu++) {
		s_redistributors[cpu * 2 * FRAME + 2] = cpu == 2 ? 1u << 4 : 0;
		s_redistributors[cpu * 2 * FRAME + 3] = 0x100 + cpu;
	}
	s_gic = (arm_gic_v3_t){ (uintptr_t)s_distributor, (uintptr_t)s_redistributors, sizeof s_redistributors, false };
	arm_gic_v3_init(&s_gic);
}

TEST(arm_gic_v3_init_routes_by_affinity_and_enables_both_groups)
{
	reset();
	CHECK_EQ(s_distributor[0], 0x13);
	CHECK_EQ(s_distributor[0x184 / 4], 0xffffffff);
	CHECK_EQ(s_distributor[0x188 / 4], 0);
	CHECK(!s_gic.has_groups); /* memory does not keep DS */
}

TEST(arm_gic_v3_finds_the_redistributor_by_affinity_up_to_the_last)
{
	reset();
	CHECK_EQ(arm_gic_v3_redistributor_of(&s_gic, 0x80000101), (uintptr_t)&s_redistributors[2 * FRAME]);
	CHECK_EQ(arm_gic_v3_redistributor_of(&s_gic, 0x80000102), (uintptr_t)&s_redistributors[4 * FRAME]);
	CHECK_EQ(arm_gic_v3_redistributor_of(&s_gic, 0x80000103), 0);
	s_gic.redistributors_bytes = 2 * 4 * FRAME;
	CHECK_EQ(arm_gic_v3_redistributor_of(&s_gic, 0x80000101), 0);
}

TEST(arm_gic_v3_cpu_is_awake_and_has_one_message_of_group_0)
{
	reset();
	s_gic.has_groups = true;
	s_redistributors[0x14 / 4] = 2;
	arm_gic_v3_init_cpu(&s_gic, s_gic.redistributors, 2);
	CHECK_EQ(s_redistributors[0x14 / 4], 0);
	CHECK_EQ(s_redistributors[FRAME + 0x80 / 4], ~(1u << 2));
	CHECK_EQ(s_redistributors[FRAME + 0x100 / 4], 0xffff);
	arm_gic_v3_enable_own(s_gic.redistributors, 27);
	CHECK_EQ(s_redistributors[FRAME + 0x100 / 4], 1u << 27);
}

TEST(arm_gic_v3_shared_line_has_a_route)
{
	reset();
	arm_gic_v3_enable(&s_gic, 33, UINT64_C(0x0380020100));
	CHECK_EQ(s_distributor[(0x6000 + 8 * 33) / 4], 0x020100);
	CHECK_EQ(s_distributor[(0x6000 + 8 * 33) / 4 + 1], 3);
	CHECK_EQ(s_distributor[0x104 / 4], 2);
}

TEST(arm_gic_v3_message_names_every_affinity)
{
	CHECK_EQ(arm_gic_v3_message_to(2, UINT64_C(0x0480030213)), UINT64_C(0x0004100302020008));
}
