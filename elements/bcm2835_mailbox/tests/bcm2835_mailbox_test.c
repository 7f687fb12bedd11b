/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware that knows a Raspberry Pi 3, behind fake registers. */
#include <axtest.h>
#include <bcm2835_mailbox/bcm2835_mailbox.h>
#include <string.h>

enum { ADDRESS = 0xc0001000 };

static struct model {
	_Alignas(64) uint32_t words[BCM2835_MAILBOX_WORDS];
	bool is_synced, is_mute;
	unsigned full_looks, strangers; /* so often the mailbox is full, so many answers are another channel's */
	uint32_t answer;
	uint64_t now_ns;
} s_model;

static void answer(void)
{
	uint32_t *words = s_model.words;
	CHECK(s_model.is_synced);
	CHECK(words[0] == 32 && words[1] == 0 && words[7] == 0);
	words[1] = 0x80000000;
	words[4] = 1u << 31 | 8;
	if (words[2] == 0x30002 && words[5] <= 4)
		words[6] = 50000000 * words[5];
	else if (words[2] == 0x10005)
		words[5] = 0, words[6] = 0x3b400000;
	else if (words[2] == 0x10002)
		words[5] = 0xa02082;
	else if (words[2] == 0x10003)
		memcpy(&words[5], "\xb8\x27\xeb\x01\x02\x03", 6);
	else
		words[4] = 0;
	s_model.is_synced = false;
}

static uint32_t model_read([[maybe_unused]] uintptr_t registers, unsigned offset)
{
	if (offset == 0x38)
		return s_model.full_looks && s_model.full_looks-- ? 1u << 31 : 0;
	if (offset == 0x18)
		return s_model.answer ? 0 : 1u << 30;
	CHECK_EQ(offset, 0);
	if (s_model.strangers && s_model.strangers--)
		return 0x11;
	uint32_t message = s_model.answer;
	s_model.answer = 0;
	return message;
}

static void model_write([[maybe_unused]] uintptr_t registers, unsigned offset, uint32_t value)
{
	CHECK_EQ(offset, 0x20);
	CHECK_EQ(value, ADDRESS | 8);
	CHECK_EQ(s_model.full_looks, 0);
	if (s_model.is_mute)
		return;
	answer();
	s_model.answer = value;
}

static uint64_t model_now_ns(void)
{
	return s_model.now_ns += 1000000;
}

static void model_sync(void *memory, size_t bytes)
{
	CHECK(memory == s_model.words && bytes == sizeof s_model.words);
	s_model.is_synced = true;
}

static const bcm2835_mailbox_t s_mailbox = { 0, model_read, model_write, model_now_ns, s_model.words, ADDRESS, model_sync };

TEST(bcm2835_mailbox_tells_the_rate_of_a_clock)
{
	uint32_t hz;
	memset(&s_model, 0, sizeof s_model);
	CHECK_EQ(bcm2835_mailbox_clock_hz(&s_mailbox, BCM2835_CLOCK_CORE, &hz), AX_OK);
	CHECK_EQ(hz, 200000000);
	CHECK(s_model.is_synced);
}

TEST(bcm2835_mailbox_tells_memory_board_and_address)
{
	uint32_t start, bytes, revision;
	uint8_t address[6];
	memset(&s_model, 0, sizeof s_model);
	CHECK_EQ(bcm2835_mailbox_arm_memory(&s_mailbox, &start, &bytes), AX_OK);
	CHECK(start == 0 && bytes == 0x3b400000);
	CHECK_EQ(bcm2835_mailbox_board_revision(&s_mailbox, &revision), AX_OK);
	CHECK_EQ(revision, 0xa02082);
	CHECK_EQ(bcm2835_mailbox_mac_address(&s_mailbox, address), AX_OK);
	CHECK(!memcmp(address, "\xb8\x27\xeb\x01\x02\x03", 6));
}

TEST(bcm2835_mailbox_waits_for_room_and_passes_other_answers_over)
{
	uint32_t hz;
	memset(&s_model, 0, sizeof s_model);
	s_model.full_looks = 3;
	s_model.strangers = 2;
	CHECK_EQ(bcm2835_mailbox_clock_hz(&s_mailbox, BCM2835_CLOCK_EMMC, &hz), AX_OK);
	CHECK_EQ(hz, 50000000);
}

TEST(bcm2835_mailbox_without_an_answer_ends)
{
	uint32_t hz = 7;
	memset(&s_model, 0, sizeof s_model);
	s_model.is_mute = true;
	CHECK_EQ(bcm2835_mailbox_clock_hz(&s_mailbox, BCM2835_CLOCK_EMMC, &hz), AX_ERR_TIMED_OUT);
	CHECK_EQ(hz, 0);
	memset(&s_model, 0, sizeof s_model);
	s_model.strangers = 1000000;
	CHECK_EQ(bcm2835_mailbox_clock_hz(&s_mailbox, BCM2835_CLOCK_EMMC, &hz), AX_ERR_TIMED_OUT);
}

TEST(bcm2835_mailbox_a_question_that_is_not_known_is_told)
{
	uint32_t hz;
	memset(&s_model, 0, sizeof s_model);
	CHECK_EQ(bcm2835_mailbox_clock_hz(&s_mailbox, (bcm2835_clock_t)99, &hz), AX_ERR_NOT_SUPPORTED);
}
