/* SPDX-License-Identifier: Apache-2.0 */
/* See card_model.h. */
#include "card_model.h"
#include <axtest.h>
#include <string.h>

card_model_t g_card;

void card_model_reset(void)
{
	memset(&g_card, 0, sizeof g_card);
	g_card.has_card = true;
	for (size_t i = 0; i < MODEL_BLOCKS; i++)
		memset(g_card.memory[i], (int)i, MODEL_BLOCK_BYTES);
}

static bool knows(unsigned number)
{
	return g_card.has_card && (number != 8 || !g_card.is_old);
}

static void answer(uint32_t words[4], uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	const uint32_t values[] = { a, b, c, d };
	memcpy(words, values, sizeof values);
}

bool card_model_command(unsigned number, uint32_t argument, uint32_t words[4])
{
	bool is_application = g_card.is_application;
	g_card.is_application = false;
	if (number && (!knows(number) || (g_card.fail_answer && g_card.fail_answer--)))
		return false;
	answer(words, 0, 0, 0, 0);
	switch (number) {
	case 0:
		g_card.is_selected = false;
		break;
	case 2:
		answer(words, 1, 2, 3, 4);
		break;
	case 3:
		words[0] = 0x12340500;
		break;
	case 7:
		CHECK_EQ(argument, 0x12340000);
		g_card.is_selected = true;
		break;
	case 8:
		words[0] = argument;
		break;
	case 9: /* 2,048 blocks: version 2, C_SIZE 1; version 1, READ_BL_LEN 9, C_SIZE 511, C_SIZE_MULT 0 */
		if (g_card.is_old)
			answer(words, 0, 511u << 30, 9u << 16 | 511u >> 2, 0);
		else
			answer(words, 0, 1u << 16, 0, 1u << 30);
		break;
	case 12:
		g_card.stops++;
		break;
	case 17:
	case 18:
	case 24:
	case 25:
		CHECK(g_card.is_selected);
		g_card.at = (uint64_t)(g_card.is_old ? argument / MODEL_BLOCK_BYTES : argument) * (MODEL_BLOCK_BYTES / 4);
		break;
	case 41: /* not ready at the first look */
		CHECK(is_application);
		words[0] = (g_card.asked++ ? 1u << 31 : 0) | (g_card.is_old ? 0 : 1u << 30);
		break;
	case 55:
		g_card.is_application = true;
		break;
	default:
		break;
	}
	return true;
}

void card_model_begin(uint64_t blocks)
{
	g_card.left = blocks * (MODEL_BLOCK_BYTES / 4);
	CHECK(g_card.at + g_card.left <= sizeof g_card.memory / 4);
}

uint32_t *card_model_word(void)
{
	CHECK(g_card.left);
	g_card.left--;
	return (uint32_t *)(void *)g_card.memory + g_card.at++;
}

uint64_t card_model_now_ns(void)
{
	return g_card.now_ns += 1000000;
}

static sd_card_t s_card;

void card_model_check_size(card_model_start_t *start)
{
	card_model_reset();
	CHECK_EQ(start(&s_card), AX_OK);
	CHECK_EQ(s_card.device.block_count, MODEL_BLOCKS);
}

void card_model_check_transfers(card_model_start_t *start)
{
	static uint8_t buffer[4][MODEL_BLOCK_BYTES];
	card_model_reset();
	CHECK_EQ(start(&s_card), AX_OK);
	CHECK_EQ(block_device_read(&s_card.device, 7, 1, buffer), AX_OK);
	CHECK(buffer[0][0] == 7 && buffer[0][511] == 7);
	CHECK_EQ(block_device_read(&s_card.device, 8, 4, buffer), AX_OK);
	CHECK(buffer[0][0] == 8 && buffer[3][511] == 11);
	memset(buffer, 0xa5, sizeof buffer);
	CHECK_EQ(block_device_write(&s_card.device, 20, 3, buffer), AX_OK);
	CHECK(g_card.memory[19][511] == 19 && g_card.memory[20][0] == 0xa5 && g_card.memory[22][511] == 0xa5);
	CHECK_EQ(g_card.memory[23][0], 23);
	CHECK_EQ(block_device_write(&s_card.device, 30, 1, buffer), AX_OK);
	CHECK(g_card.memory[30][511] == 0xa5 && g_card.memory[31][0] == 31);
	CHECK_EQ(block_device_flush(&s_card.device), AX_OK);
}

void card_model_check_old_card(card_model_start_t *start)
{
	uint8_t buffer[MODEL_BLOCK_BYTES];
	card_model_reset();
	g_card.is_old = true;
	CHECK_EQ(start(&s_card), AX_OK);
	CHECK_EQ(s_card.device.block_count, MODEL_BLOCKS);
	CHECK_EQ(block_device_read(&s_card.device, 9, 1, buffer), AX_OK);
	CHECK_EQ(buffer[0], 9);
}

void card_model_check_no_card(card_model_start_t *start)
{
	card_model_reset();
	g_card.has_card = false;
	CHECK_EQ(start(&s_card), AX_ERR_NO_DEVICE);
}

void card_model_check_no_answer(card_model_start_t *start)
{
	uint8_t buffer[2 * MODEL_BLOCK_BYTES];
	card_model_reset();
	CHECK_EQ(start(&s_card), AX_OK);
	g_card.fail_answer = 1;
	CHECK(block_device_read(&s_card.device, 9, 2, buffer) != AX_OK);
	CHECK_EQ(block_device_read(&s_card.device, 9, 2, buffer), AX_OK);
	CHECK_EQ(buffer[0], 9);
}

void card_model_check_failed_transfer(card_model_start_t *start)
{
	uint8_t buffer[2 * MODEL_BLOCK_BYTES];
	card_model_reset();
	CHECK_EQ(start(&s_card), AX_OK);
	g_card.fail_data = 1;
	CHECK_EQ(block_device_read(&s_card.device, 9, 2, buffer), AX_ERR_IO);
	CHECK_EQ(g_card.stops, 1);
	CHECK_EQ(block_device_read(&s_card.device, 9, 2, buffer), AX_OK);
	CHECK_EQ(buffer[0], 9);
}

void card_model_check_stuck(card_model_start_t *start)
{
	uint8_t buffer[MODEL_BLOCK_BYTES];
	card_model_reset();
	CHECK_EQ(start(&s_card), AX_OK);
	g_card.is_stuck = true;
	CHECK_EQ(block_device_read(&s_card.device, 9, 1, buffer), AX_ERR_TIMED_OUT);
	g_card.is_stuck = false;
	CHECK_EQ(block_device_read(&s_card.device, 9, 1, buffer), AX_OK);
}
