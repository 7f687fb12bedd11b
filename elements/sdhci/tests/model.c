/* SPDX-License-Identifier: Apache-2.0 */
/* See model.h. */
#include "model.h"
#include <axtest.h>
#include <string.h>

sdhci_model_t g_model;

static uint32_t *reg(unsigned offset)
{
	return &g_model.registers[offset / 4];
}

static void data_ready(void)
{
	if (g_card.is_stuck)
		return;
	if (g_card.fail_data) {
		g_card.fail_data--;
		*reg(0x30) |= 1u << 20 | 1u << 15;
	} else {
		*reg(0x30) |= g_card.left ? (g_model.is_read ? 1u << 5 : 1u << 4) : 1u << 1;
	}
}

static void start_transfer(unsigned number, uint32_t mode)
{
	CHECK_EQ(*reg(0x04) & 0xfff, MODEL_BLOCK_BYTES);
	CHECK_EQ(number == 18 || number == 25, (mode & 0x26) == 0x26);
	CHECK_EQ(number == 17 || number == 18, (mode & 0x10) != 0);
	g_model.is_read = mode & 0x10;
	card_model_begin(mode & 2 ? *reg(0x04) >> 16 : 1);
	data_ready();
}

/* A long answer without its checksum, bit 8 being the lowest. */
static void keep_answer(uint32_t word, uint32_t words[4])
{
	if ((word >> 16 & 3) == 1) {
		for (unsigned i = 0; i < 3; i++)
			words[i] = words[i] >> 8 | words[i + 1] << 24;
		words[3] >>= 8;
	}
	memcpy(reg(0x10), words, 16);
}

static void command(uint32_t word)
{
	uint32_t words[4];
	unsigned number = word >> 24 & 63;
	if (!card_model_command(number, *reg(0x08), words)) {
		*reg(0x30) |= 1u << 16 | 1u << 15;
		return;
	}
	keep_answer(word, words);
	*reg(0x30) |= (word >> 16 & 3) == 3 ? 3 : 1;
	if (word & 1u << 21)
		start_transfer(number, word & 0xff);
}

static uint32_t *data_word(void)
{
	uint32_t *word = card_model_word();
	if (g_card.left % (MODEL_BLOCK_BYTES / 4) == 0)
		data_ready();
	return word;
}

static uint32_t model_read(uintptr_t registers, unsigned offset)
{
	CHECK_EQ(registers, 0x1000);
	return offset == 0x20 ? *data_word() : *reg(offset);
}

static void model_write(uintptr_t registers, unsigned offset, uint32_t value)
{
	CHECK_EQ(registers, 0x1000);
	if (offset == 0x20) {
		*data_word() = value;
	} else if (offset == 0x30) {
		*reg(offset) &= ~value;
	} else if (offset == 0x2c) {
		*reg(offset) = (value & 0xfffff) | (value & 1) << 1;
	} else {
		*reg(offset) = value;
		if (offset == 0x0c)
			command(value);
	}
}

const sd_host_user_t g_model_user = { model_read, model_write, card_model_now_ns };
