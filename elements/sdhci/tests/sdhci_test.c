/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against a model of controller and card. */
#include "model.h"
#include <axtest.h>
#include <string.h>

static sdhci_t s_sd;

static ax_err_t start(void)
{
	return sdhci_init(&s_sd, "vda", 0x1000, 50000000, &g_model_user);
}

TEST(sdhci_finds_the_cards_size)
{
	sd_model_reset();
	CHECK_EQ(start(), AX_OK);
	CHECK_EQ(s_sd.device.block_count, MODEL_BLOCKS);
	CHECK_EQ(g_model.registers[0x2c / 4] & 0xff00, 1u << 8); /* 25 MHz */
}

TEST(sdhci_reads_and_writes_one_block_and_several)
{
	static uint8_t buffer[4][MODEL_BLOCK_BYTES];
	sd_model_reset();
	CHECK_EQ(start(), AX_OK);
	CHECK_EQ(block_device_read(&s_sd.device, 7, 1, buffer), AX_OK);
	CHECK(buffer[0][0] == 7 && buffer[0][511] == 7);
	CHECK_EQ(block_device_read(&s_sd.device, 8, 4, buffer), AX_OK);
	CHECK(buffer[0][0] == 8 && buffer[3][511] == 11);
	memset(buffer, 0xa5, sizeof buffer);
	CHECK_EQ(block_device_write(&s_sd.device, 20, 3, buffer), AX_OK);
	CHECK(g_model.memory[19][511] == 19 && g_model.memory[20][0] == 0xa5 && g_model.memory[22][511] == 0xa5);
	CHECK_EQ(g_model.memory[23][0], 23);
	CHECK_EQ(block_device_flush(&s_sd.device), AX_OK);
}

TEST(sdhci_counts_bytes_for_a_card_of_the_first_version)
{
	uint8_t buffer[MODEL_BLOCK_BYTES];
	sd_model_reset();
	g_model.is_old = true;
	CHECK_EQ(start(), AX_OK);
	CHECK_EQ(s_sd.device.block_count, MODEL_BLOCKS);
	CHECK_EQ(block_device_read(&s_sd.device, 9, 1, buffer), AX_OK);
	CHECK_EQ(buffer[0], 9);
}

TEST(sdhci_without_a_card_is_told)
{
	sd_model_reset();
	g_model.has_card = false;
	CHECK_EQ(start(), AX_ERR_NO_DEVICE);
	sd_model_reset();
	CHECK_EQ(sdhci_init(&s_sd, "vda", 0x1000, 0, &g_model_user), AX_ERR_INVALID_INPUT);
}

TEST(sdhci_ends_a_transfer_that_fails_and_goes_on)
{
	uint8_t buffer[2 * MODEL_BLOCK_BYTES];
	sd_model_reset();
	CHECK_EQ(start(), AX_OK);
	g_model.fail_data = 1;
	CHECK_EQ(block_device_read(&s_sd.device, 9, 2, buffer), AX_ERR_IO);
	CHECK_EQ(g_model.stops, 1);
	g_model.fail_answer = 1;
	CHECK_EQ(block_device_read(&s_sd.device, 9, 2, buffer), AX_ERR_IO);
	CHECK_EQ(block_device_read(&s_sd.device, 9, 2, buffer), AX_OK);
	CHECK_EQ(buffer[0], 9);
}

TEST(sdhci_does_not_wait_forever)
{
	uint8_t buffer[MODEL_BLOCK_BYTES];
	sd_model_reset();
	CHECK_EQ(start(), AX_OK);
	g_model.is_stuck = true;
	CHECK_EQ(block_device_read(&s_sd.device, 9, 1, buffer), AX_ERR_TIMED_OUT);
	g_model.is_stuck = false;
	CHECK_EQ(block_device_read(&s_sd.device, 9, 1, buffer), AX_OK);
}

TEST(sdhci_shows_a_part_of_the_card)
{
	uint8_t buffer[MODEL_BLOCK_BYTES];
	sd_model_reset();
	CHECK_EQ(start(), AX_OK);
	sdhci_narrow(&s_sd, 100, 50);
	CHECK_EQ(block_device_read(&s_sd.device, 9, 1, buffer), AX_OK);
	CHECK_EQ(buffer[0], 109);
	CHECK_EQ(block_device_read(&s_sd.device, 50, 1, buffer), AX_ERR_OUT_OF_RANGE);
}
