/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against a model of controller and card. */
#include "model.h"
#include <axtest.h>
#include <string.h>

static sdhci_t s_sdhci;

static ax_err_t start(sd_card_t *card)
{
	memset(&g_model, 0, sizeof g_model);
	ax_err_t error = sdhci_init(&s_sdhci, 0x1000, 50000000, &g_model_user);
	return error ? error : sd_card_init(card, "vda", &s_sdhci.host);
}

TEST(sdhci_finds_the_cards_size)
{
	card_model_check_size(start);
	CHECK_EQ(g_model.registers[0x2c / 4] & 0xff00, 1u << 8); /* 25 MHz */
}

TEST(sdhci_reads_and_writes_one_block_and_several)
{
	card_model_check_transfers(start);
	CHECK_EQ(g_card.stops, 0); /* the controller sends it */
}

TEST(sdhci_reads_a_long_answer_of_the_first_version)
{
	card_model_check_old_card(start);
}

TEST(sdhci_without_a_card_or_a_clock_is_told)
{
	card_model_check_no_card(start);
	CHECK_EQ(sdhci_init(&s_sdhci, 0x1000, 0, &g_model_user), AX_ERR_INVALID_INPUT);
}

TEST(sdhci_goes_on_after_a_command_that_is_not_answered)
{
	card_model_check_no_answer(start);
}

TEST(sdhci_ends_a_transfer_that_fails_and_goes_on)
{
	card_model_check_failed_transfer(start);
}

TEST(sdhci_does_not_wait_forever)
{
	card_model_check_stuck(start);
}
