/* SPDX-License-Identifier: Apache-2.0 */
/* See model.h. */
#include "model.h"
#include <axtest.h>
#include <string.h>

sd_model_t g_model;

void sd_model_reset(void)
{
	memset(&g_model, 0, sizeof g_model);
	g_model.has_card = true;
	for (size_t i = 0; i < MODEL_BLOCKS; i++)
		memset(g_model.memory[i], (int)i, MODEL_BLOCK_BYTES);
}

static uint32_t *reg(unsigned offset)
{
	return &g_model.registers[offset / 4];
}

static void answer(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	uint32_t words[] = { a, b, c, d };
	memcpy(reg(0x10), words, sizeof words);
}

static void data_ready(void)
{
	if (g_model.is_stuck)
		return;
	if (g_model.fail_data) {
		g_model.fail_data--;
		*reg(0x30) |= 1u << 20 | 1u << 15;
	} else {
		*reg(0x30) |= g_model.left ? (g_model.is_read ? 1u << 5 : 1u << 4) : 1u << 1;
	}
}

static void start_transfer(unsigned number, uint32_t mode)
{
	uint32_t count = mode & 2 ? *reg(0x04) >> 16 : 1, address = *reg(0x08);
	CHECK(g_model.is_selected);
	CHECK_EQ(*reg(0x04) & 0xfff, MODEL_BLOCK_BYTES);
	CHECK_EQ(number == 18 || number == 25, (mode & 0x26) == 0x26);
	CHECK_EQ(number == 17 || number == 18, (mode & 0x10) != 0);
	g_model.is_read = mode & 0x10;
	g_model.at = (uint64_t)(g_model.is_old ? address / MODEL_BLOCK_BYTES : address) * (MODEL_BLOCK_BYTES / 4);
	g_model.left = (uint64_t)count * (MODEL_BLOCK_BYTES / 4);
	CHECK(g_model.at + g_model.left <= sizeof g_model.memory / 4);
	data_ready();
}

static bool card_knows(unsigned number)
{
	return g_model.has_card && (number != 8 || !g_model.is_old);
}

static void command(uint32_t word)
{
	unsigned number = word >> 24 & 63;
	bool is_application = g_model.is_application;
	g_model.is_application = false;
	if ((number && !card_knows(number)) || (number && g_model.fail_answer && g_model.fail_answer--)) {
		*reg(0x30) |= 1u << 16 | 1u << 15;
		return;
	}
	*reg(0x30) |= 1;
	switch (number) {
	case 0:
		g_model.is_selected = false;
		break;
	case 2:
		answer(1, 2, 3, 4);
		break;
	case 3:
		answer(0x12340500, 0, 0, 0);
		break;
	case 7:
		CHECK_EQ(*reg(0x08), 0x12340000);
		g_model.is_selected = true;
		*reg(0x30) |= 2;
		break;
	case 8:
		answer(*reg(0x08), 0, 0, 0);
		break;
	case 9: /* 2,048 blocks: version 2, C_SIZE 1; version 1, READ_BL_LEN 9, C_SIZE 511, C_SIZE_MULT 0 */
		if (g_model.is_old)
			answer(0, 511u << 22, 9u << 8, 0);
		else
			answer(0, 1u << 8, 0, 1u << 22);
		break;
	case 12:
		g_model.stops++;
		*reg(0x30) |= 2;
		break;
	case 17:
	case 18:
	case 24:
	case 25:
		start_transfer(number, word & 0xff);
		break;
	case 41: /* not ready at the first look */
		CHECK(is_application);
		answer((g_model.asked++ ? 1u << 31 : 0) | (g_model.is_old ? 0 : 1u << 30), 0, 0, 0);
		break;
	case 55:
		g_model.is_application = true;
		break;
	default:
		break;
	}
}

static uint32_t *data_word(void)
{
	uint32_t *word = (uint32_t *)(void *)g_model.memory + g_model.at++;
	CHECK(g_model.left);
	if (--g_model.left % (MODEL_BLOCK_BYTES / 4) == 0)
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

static uint64_t model_now_ns(void)
{
	return g_model.now_ns += 1000000;
}

const sdhci_user_t g_model_user = { model_read, model_write, model_now_ns };
