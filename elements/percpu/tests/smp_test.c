/* SPDX-License-Identifier: Apache-2.0 */
/* With smp, on the host: Linux leaves the GS base of a process alone, so two areas play two CPUs. */
#include <axtest.h>
#include <percpu/percpu.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SET_GS = 0x1001 }; /* arch_prctl(2) */

static PERCPU_DEFINE(uint8_t, s_byte) = 8;
static PERCPU_DEFINE(uint16_t, s_half) = 1600;
static PERCPU_DEFINE(int, s_int) = -32;
static PERCPU_DEFINE(uint64_t, s_long) = UINT64_C(1) << 40;
static PERCPU_DEFINE(void *, s_pointer);

static char *s_area[2];

static void become_cpu(unsigned cpu)
{
	CHECK_EQ(syscall(SYS_arch_prctl, SET_GS, percpu_base_of[cpu]), 0);
}

static void set_up(void)
{
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		if (!s_area[cpu])
			s_area[cpu] = aligned_alloc(PERCPU_AREA_ALIGNMENT, percpu_area_bytes());
		percpu_init_area(cpu, s_area[cpu]);
	}
	become_cpu(0);
}

TEST(areas_start_with_the_first_values)
{
	set_up();
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		become_cpu(cpu);
		CHECK_EQ(percpu_get(s_byte), 8);
		CHECK_EQ(percpu_get(s_half), 1600);
		CHECK_EQ(percpu_get(s_int), -32);
		CHECK_EQ(percpu_get(s_long), UINT64_C(1) << 40);
		CHECK(percpu_get(s_pointer) == NULL);
	}
}

TEST(each_cpu_writes_its_own)
{
	set_up();
	percpu_set(s_byte, 1);
	percpu_set(s_half, 2);
	percpu_set(s_int, 3);
	percpu_set(s_long, 4);
	percpu_set(s_pointer, s_area[0]);
	become_cpu(1);
	CHECK_EQ(percpu_get(s_byte), 8);
	CHECK_EQ(percpu_get(s_int), -32);
	CHECK(percpu_get(s_pointer) == NULL);
	become_cpu(0);
	CHECK_EQ(percpu_get(s_byte), 1);
	CHECK_EQ(percpu_get(s_half), 2);
	CHECK_EQ(percpu_get(s_int), 3);
	CHECK_EQ(percpu_get(s_long), 4);
	CHECK(percpu_get(s_pointer) == s_area[0]);
	CHECK_EQ(s_int, -32); /* the template */
}

TEST(pointers_reach_into_the_areas)
{
	set_up();
	become_cpu(1);
	*percpu_ptr(s_int) = 77;
	CHECK_EQ(percpu_get(s_int), 77);
	CHECK(percpu_ptr(s_int) == percpu_ptr_of(s_int, 1));
	CHECK((char *)percpu_ptr(s_int) >= s_area[1] && (char *)percpu_ptr(s_int) < s_area[1] + percpu_area_bytes());
	CHECK_EQ(*percpu_ptr_of(s_int, 0), -32);
}

TEST(add_tells_when_the_sum_is_zero)
{
	set_up();
	percpu_set(s_int, 1);
	percpu_add(s_int, 1);
	CHECK(!percpu_add_is_zero(s_int, -1));
	CHECK(percpu_add_is_zero(s_int, -1));
	CHECK_EQ(percpu_get(s_int), 0);
	percpu_add(s_byte, 250);
	CHECK_EQ(percpu_get(s_byte), 2);
}
