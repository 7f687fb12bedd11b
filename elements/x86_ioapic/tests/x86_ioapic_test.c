/* SPDX-License-Identifier: Apache-2.0 */
/* Against a model of the index and data words with 24 lines. */
#include <axtest.h>
#include <x86_ioapic/x86_ioapic.h>

static struct {
	uint32_t index, registers[0x48];
	bool half_routed_while_open;
} s_model;

static uint32_t model_read([[maybe_unused]] uintptr_t base, unsigned offset)
{
	return offset == 0x10 ? s_model.registers[s_model.index] : s_model.index;
}

static void model_write([[maybe_unused]] uintptr_t base, unsigned offset, uint32_t value)
{
	if (offset == 0) {
		s_model.index = value;
		return;
	}
	bool high_half = s_model.index >= 0x10 && s_model.index % 2;
	if (high_half && !(s_model.registers[s_model.index - 1] & 1u << 16))
		s_model.half_routed_while_open = true;
	s_model.registers[s_model.index] = value;
}

static const x86_ioapic_t s_ioapic = { 0, model_read, model_write };

static void reset(void)
{
	memset(&s_model, 0, sizeof s_model);
	s_model.registers[1] = 23u << 16 | 0x20;
}

TEST(x86_ioapic_tells_how_many_lines_it_has)
{
	reset();
	CHECK_EQ(x86_ioapic_lines(&s_ioapic), 24);
}

TEST(x86_ioapic_mask_all_masks_the_first_and_the_last_line)
{
	reset();
	x86_ioapic_mask_all(&s_ioapic);
	CHECK_EQ(s_model.registers[0x10], 1u << 16);
	CHECK_EQ(s_model.registers[0x10 + 2 * 23], 1u << 16);
	CHECK_EQ(s_model.registers[0x10 + 2 * 24], 0);
}

TEST(x86_ioapic_route_writes_vector_target_and_trigger)
{
	reset();
	x86_ioapic_route(&s_ioapic, 4, 0x24, 3, (x86_ioapic_trigger_t){ 0 });
	CHECK_EQ(s_model.registers[0x18], 0x24);
	CHECK_EQ(s_model.registers[0x19], 3u << 24);
	x86_ioapic_route(&s_ioapic, 17, 0x31, 0, (x86_ioapic_trigger_t){ .level = true, .active_low = true });
	CHECK_EQ(s_model.registers[0x10 + 2 * 17], 1u << 15 | 1u << 13 | 0x31);
}

TEST(x86_ioapic_route_never_leaves_a_half_written_entry_open)
{
	reset();
	x86_ioapic_route(&s_ioapic, 4, 0x24, 1, (x86_ioapic_trigger_t){ 0 });
	x86_ioapic_route(&s_ioapic, 4, 0x25, 2, (x86_ioapic_trigger_t){ 0 });
	CHECK(!s_model.half_routed_while_open);
}

TEST(x86_ioapic_set_mask_keeps_the_rest_of_the_entry)
{
	reset();
	x86_ioapic_route(&s_ioapic, 9, 0x29, 0, (x86_ioapic_trigger_t){ .level = true });
	x86_ioapic_set_mask(&s_ioapic, 9, true);
	CHECK_EQ(s_model.registers[0x10 + 18], 1u << 16 | 1u << 15 | 0x29);
	x86_ioapic_set_mask(&s_ioapic, 9, false);
	CHECK_EQ(s_model.registers[0x10 + 18], 1u << 15 | 0x29);
}

TEST(x86_ioapic_window_has_index_and_data_16_bytes_apart)
{
	uint32_t window[8] = { 0 };
	x86_ioapic_window_write((uintptr_t)window, 16, 7);
	CHECK_EQ(window[4], 7);
	CHECK_EQ(x86_ioapic_window_read((uintptr_t)window, 16), 7);
}
