/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against a model of controller and card. */
#include "model.h"
#include <axtest.h>
#include <string.h>

static bcm2835_sdhost_t s_sdhost;

static ax_err_t start(sd_card_t *card)
{
	memset(&g_model, 0, sizeof g_model);
	bcm2835_sdhost_init(&s_sdhost, 0x1000, 250000000, &g_model_user);
	return sd_card_init(card, "vda", &s_sdhost.host);
}

TEST(bcm2835_sdhost_finds_the_cards_size)
{
	card_model_check_size(start);
	CHECK_EQ(g_model.registers[0x0c / 4], 8); /* 250 MHz by 10 */
	CHECK_EQ(g_model.registers[0x34 / 4] & (0x1fu << 9 | 0x1fu << 14), 4u << 9 | 4u << 14);
}

TEST(bcm2835_sdhost_reads_and_writes_one_block_and_several)
{
	card_model_check_transfers(start);
	CHECK_EQ(g_card.stops, 2);
	CHECK(g_model.forced_idle);
}

TEST(bcm2835_sdhost_reads_a_long_answer_of_the_first_version)
{
	card_model_check_old_card(start);
}

TEST(bcm2835_sdhost_without_a_card_is_told)
{
	card_model_check_no_card(start);
}

TEST(bcm2835_sdhost_goes_on_after_a_command_that_is_not_answered)
{
	card_model_check_no_answer(start);
}

TEST(bcm2835_sdhost_ends_a_transfer_that_fails_and_goes_on)
{
	card_model_check_failed_transfer(start);
}

TEST(bcm2835_sdhost_does_not_wait_forever)
{
	card_model_check_stuck(start);
}
