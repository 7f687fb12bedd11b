/* SPDX-License-Identifier: Apache-2.0 */
/* Against an array of registers that logs what was written, in order. */
#include <axtest.h>
#include <x86_apic/x86_apic.h>

static struct {
	uint32_t registers[0x40];
	struct {
		unsigned number;
		uint64_t value;
	} log[16];
	size_t writes;
	unsigned busy_reads;
} s_model;

static uint32_t model_read([[maybe_unused]] uintptr_t base, unsigned number)
{
	if (number == 0x30 && s_model.busy_reads) {
		s_model.busy_reads--;
		return s_model.registers[number] | 1u << 12;
	}
	return s_model.registers[number];
}

static void model_write([[maybe_unused]] uintptr_t base, unsigned number, uint64_t value)
{
	s_model.registers[number] = (uint32_t)value;
	s_model.log[s_model.writes].number = number;
	s_model.log[s_model.writes++].value = value;
}

static const x86_apic_t s_xapic = { .read = model_read, .write = model_write };
static const x86_apic_t s_x2apic = { .x2apic = true, .read = model_read, .write = model_write };

static void reset(void)
{
	memset(&s_model, 0, sizeof s_model);
}

TEST(x86_apic_enable_masks_local_sources_before_it_accepts_interrupts)
{
	reset();
	x86_apic_enable(&s_xapic, 0x61);
	const unsigned masked[] = { 0x32, 0x35, 0x36, 0x37 };
	for (size_t i = 0; i < 4; i++)
		CHECK_EQ(s_model.registers[masked[i]], 1u << 16);
	CHECK_EQ(s_model.log[s_model.writes - 1].number, 0x0f);
	CHECK_EQ(s_model.log[s_model.writes - 1].value, 0x161);
}

TEST(x86_apic_id_is_the_top_byte_in_xapic_and_all_of_it_in_x2apic)
{
	reset();
	s_model.registers[2] = 0x07000000;
	CHECK_EQ(x86_apic_id(&s_xapic), 7);
	CHECK_EQ(x86_apic_id(&s_x2apic), 0x07000000);
}

TEST(x86_apic_one_shot_timer_counts_undivided_and_unmasked)
{
	reset();
	x86_apic_timer_init_one_shot(&s_xapic, 0x60);
	x86_apic_timer_start(&s_xapic, 12345);
	CHECK_EQ(s_model.registers[0x3e], 0xb);
	CHECK_EQ(s_model.registers[0x32], 0x60);
	CHECK_EQ(s_model.registers[0x38], 12345);
	s_model.registers[0x39] = 99;
	CHECK_EQ(x86_apic_timer_count(&s_xapic), 99);
}

TEST(x86_apic_deadline_timer_selects_its_mode)
{
	reset();
	x86_apic_timer_init_deadline(&s_x2apic, 0x60);
	CHECK_EQ(s_model.registers[0x32], 2u << 17 | 0x60);
}

TEST(x86_apic_end_of_interrupt_writes_zero)
{
	reset();
	x86_apic_end_of_interrupt(&s_xapic);
	CHECK_EQ(s_model.log[0].number, 0x0b);
	CHECK_EQ(s_model.log[0].value, 0);
}

TEST(x86_apic_send_writes_the_target_first_and_waits_in_xapic)
{
	reset();
	s_model.busy_reads = 3;
	x86_apic_send(&s_xapic, 5, 0x70);
	CHECK_EQ(s_model.log[0].number, 0x31);
	CHECK_EQ(s_model.log[0].value, 5u << 24);
	CHECK_EQ(s_model.log[1].number, 0x30);
	CHECK_EQ(s_model.log[1].value, 1u << 14 | 0x70);
	CHECK_EQ(s_model.busy_reads, 0);
}

TEST(x86_apic_send_is_one_write_in_x2apic)
{
	reset();
	x86_apic_send(&s_x2apic, 0x12345, 0x70);
	CHECK_EQ(s_model.writes, 1);
	CHECK_EQ(s_model.log[0].value, UINT64_C(0x12345) << 32 | 1u << 14 | 0x70);
}

TEST(x86_apic_send_nmi_names_no_vector)
{
	reset();
	x86_apic_send_nmi(&s_xapic, 3);
	CHECK_EQ(s_model.log[0].value, 3u << 24);
	CHECK_EQ(s_model.log[1].value, 0x4400);
}

TEST(x86_apic_starts_another_processor_with_init_and_startup)
{
	reset();
	x86_apic_send_init(&s_x2apic, 1);
	x86_apic_send_startup(&s_x2apic, 1, 0x08);
	CHECK_EQ((uint32_t)s_model.log[0].value, 0x4500);
	CHECK_EQ((uint32_t)s_model.log[1].value, 0x4608);
}

TEST(x86_apic_window_has_its_registers_16_bytes_apart)
{
	static _Alignas(16) uint32_t window[0x40 * 4];
	x86_apic_window_write((uintptr_t)window, 0x38, 42);
	CHECK_EQ(window[0x38 * 4], 42);
	CHECK_EQ(x86_apic_window_read((uintptr_t)window, 0x38), 42);
}
