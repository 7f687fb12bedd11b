/* SPDX-License-Identifier: Apache-2.0 */
/* The card's commands, behind a host that hands them to the model. */
#include "card_model.h"
#include <axtest.h>

static bool s_fails;

static ax_err_t set_clock([[maybe_unused]] sd_host_t *host, uint32_t hz)
{
	CHECK(hz == 400000 || hz == 25000000);
	return AX_OK;
}

static ax_err_t command([[maybe_unused]] sd_host_t *host, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4])
{
	CHECK_EQ(answer == SD_ANSWER_LONG, number == 2 || number == 9);
	return card_model_command(number, argument, words) ? AX_OK : AX_ERR_TIMED_OUT;
}

static ax_err_t move_block([[maybe_unused]] sd_host_t *host, uint8_t *block, bool is_read)
{
	for (size_t at = 0; at < SD_BLOCK_BYTES; at += 4) {
		if (is_read)
			__builtin_memcpy(block + at, card_model_word(), 4);
		else
			__builtin_memcpy(card_model_word(), block + at, 4);
	}
	return AX_OK;
}

static ax_err_t transfer(sd_host_t *host, uint32_t address, const block_request_t *request)
{
	uint32_t words[4];
	if (s_fails || !card_model_command(sd_host_transfer_command(request), address, words))
		return AX_ERR_IO;
	card_model_begin(request->count);
	return sd_host_move_blocks(host, request, move_block);
}

static const sd_host_ops_t s_ops = { set_clock, command, transfer, 8 };
static const sd_host_user_t s_user = { NULL, NULL, card_model_now_ns };

static ax_err_t start(sd_card_t *card)
{
	static sd_host_t s_host;
	s_host = (sd_host_t){ &s_ops, 0, &s_user, 0 };
	s_fails = false;
	return sd_card_init(card, "vda", &s_host);
}

TEST(sd_card_finds_the_cards_size)
{
	card_model_check_size(start);
}

TEST(sd_card_reads_and_writes_one_block_and_several)
{
	card_model_check_transfers(start);
}

TEST(sd_card_counts_bytes_for_a_card_of_the_first_version)
{
	card_model_check_old_card(start);
}

TEST(sd_card_without_a_card_is_told)
{
	card_model_check_no_card(start);
}

TEST(sd_card_stops_the_card_after_a_failure)
{
	uint8_t buffer[2 * SD_BLOCK_BYTES];
	sd_card_t card;
	card_model_reset();
	CHECK_EQ(start(&card), AX_OK);
	s_fails = true;
	CHECK_EQ(block_device_read(&card.device, 9, 2, buffer), AX_ERR_IO);
	CHECK_EQ(g_card.stops, 1);
}

TEST(sd_card_cuts_what_is_more_than_the_controller_counts)
{
	static uint8_t s_buffer[20 * SD_BLOCK_BYTES];
	sd_card_t card;
	card_model_reset();
	CHECK_EQ(start(&card), AX_OK);
	CHECK_EQ(block_device_read(&card.device, 50, 20, s_buffer), AX_OK);
	CHECK_EQ(s_buffer[19 * SD_BLOCK_BYTES], 69);
}

TEST(sd_card_shows_a_part_of_the_card)
{
	uint8_t buffer[SD_BLOCK_BYTES];
	sd_card_t card;
	card_model_reset();
	CHECK_EQ(start(&card), AX_OK);
	sd_card_narrow(&card, 100, 50);
	CHECK_EQ(block_device_read(&card.device, 9, 1, buffer), AX_OK);
	CHECK_EQ(buffer[0], 109);
	CHECK_EQ(block_device_read(&card.device, 50, 1, buffer), AX_ERR_OUT_OF_RANGE);
}
