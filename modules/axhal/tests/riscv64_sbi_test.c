/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of the firmware, a newer one and one that knows the legacy calls alone. */
#include <axtest.h>
#include "../arch/riscv64/sbi.c"

typedef struct call {
	uint64_t extension, function, a, b, c, d;
} call_t;

enum { CALLS_MOST = 16, NOT_SUPPORTED = -2 };

/* The firmware: what it was asked for; which extensions it has; how many bytes its newer console takes at once. */
static struct {
	call_t calls[CALLS_MOST];
	unsigned count;
	uint64_t mask; /* of the last legacy call with one */
	bool is_legacy;
	uint64_t bytes_at_once;
} s_firmware;

sbi_result_t axhal_sbi_call(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	CHECK(s_firmware.count < CALLS_MOST);
	s_firmware.calls[s_firmware.count++] = (call_t){ extension, function, a, b, c, d };
	if (extension == SBI_LEGACY_IPI || extension == SBI_LEGACY_SFENCE)
		s_firmware.mask = *(const uint64_t *)(uintptr_t)a;
	if (extension > SBI_LEGACY_SHUTDOWN && s_firmware.is_legacy)
		return (sbi_result_t){ .error = NOT_SUPPORTED };
	return (sbi_result_t){ .value = extension == SBI_DBCN ? (long)(a < s_firmware.bytes_at_once ? a : s_firmware.bytes_at_once) : 0 };
}

static void start(bool is_legacy)
{
	s_firmware = (typeof(s_firmware)){ .is_legacy = is_legacy, .bytes_at_once = 4 };
}

/* What was asked @p index-th; its address of a mask is not compared, but the mask. */
static void check_call(unsigned index, call_t expected)
{
	CHECK(index < s_firmware.count);
	const call_t *call = &s_firmware.calls[index];
	CHECK_EQ(call->extension, expected.extension);
	CHECK_EQ(call->function, expected.function);
	if (expected.extension != SBI_LEGACY_IPI && expected.extension != SBI_LEGACY_SFENCE)
		CHECK_EQ(call->a, expected.a);
	CHECK_EQ(call->b, expected.b);
	CHECK_EQ(call->c, expected.c);
	CHECK_EQ(call->d, expected.d);
}

TEST(newer_firmware_is_asked_once)
{
	start(false);
	axhal_sbi_set_timer(123);
	axhal_sbi_interrupt(70);
	axhal_sbi_drop_translations(3);
	CHECK_EQ(s_firmware.count, 3);
	check_call(0, (call_t){ SBI_TIME, 0, 123, 0, 0, 0 });
	check_call(1, (call_t){ SBI_IPI, 0, 1, 70, 0, 0 });
	check_call(2, (call_t){ SBI_RFENCE, 1, 1, 3, 0, UINT64_MAX });
}

TEST(legacy_firmware_is_asked_for_the_timer)
{
	start(true);
	axhal_sbi_set_timer(UINT64_MAX);
	CHECK_EQ(s_firmware.count, 2);
	check_call(1, (call_t){ SBI_LEGACY_SET_TIMER, 0, UINT64_MAX, 0, 0, 0 });
}

TEST(legacy_firmware_is_shown_a_mask_of_the_hart)
{
	start(true);
	axhal_sbi_interrupt(5);
	CHECK_EQ(s_firmware.count, 2);
	check_call(1, (call_t){ SBI_LEGACY_IPI, 0, 0, 0, 0, 0 });
	CHECK_EQ(s_firmware.mask, 1 << 5);
	axhal_sbi_drop_translations(63);
	CHECK_EQ(s_firmware.count, 4);
	check_call(3, (call_t){ SBI_LEGACY_SFENCE, 0, 0, 0, UINT64_MAX, 0 });
	CHECK_EQ(s_firmware.mask, UINT64_C(1) << 63);
}

TEST(hart_that_the_mask_has_no_bit_for_is_not_taken_for_another)
{
	start(true);
	axhal_sbi_interrupt(64);
	axhal_sbi_drop_translations(65);
	CHECK_EQ(s_firmware.count, 2);
	CHECK_EQ(s_firmware.mask, 0);
}

TEST(console_goes_on_where_the_firmware_left_off)
{
	start(false);
	axhal_sbi_write("ashlar", 0x80001000, 6);
	CHECK_EQ(s_firmware.count, 2);
	check_call(0, (call_t){ SBI_DBCN, 0, 6, 0x80001000, 0, 0 });
	check_call(1, (call_t){ SBI_DBCN, 0, 2, 0x80001004, 0, 0 });
}

TEST(legacy_console_takes_bytes_without_their_sign)
{
	start(true);
	axhal_sbi_write("a\xff", 0x80001000, 2);
	CHECK_EQ(s_firmware.count, 4);
	check_call(1, (call_t){ SBI_LEGACY_PUT_CHARACTER, 0, 'a', 0, 0, 0 });
	check_call(3, (call_t){ SBI_LEGACY_PUT_CHARACTER, 0, 0xff, 0, 0, 0 });
}

TEST(end_that_the_newer_call_does_not_bring_is_asked_for_again)
{
	start(true);
	axhal_sbi_shutdown(true);
	CHECK_EQ(s_firmware.count, 2);
	check_call(0, (call_t){ SBI_SRST, 0, 0, 1, 0, 0 });
	check_call(1, (call_t){ SBI_LEGACY_SHUTDOWN, 0, 0, 0, 0, 0 });
}
