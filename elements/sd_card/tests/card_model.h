/* SPDX-License-Identifier: Apache-2.0 */
/* A memory card of the specification, as far as a host's driver goes: commands with their answers, and blocks. */
#pragma once

#include <sd_card/sd_card.h>

enum { MODEL_BLOCKS = 2048, MODEL_BLOCK_BYTES = SD_BLOCK_BYTES };

typedef struct card_model {
	uint8_t memory[MODEL_BLOCKS][MODEL_BLOCK_BYTES];
	bool has_card, is_old; /* version 1: addresses are bytes */
	unsigned fail_answer;  /* how many commands are not answered */
	unsigned fail_data;    /* how many transfers the host's model ends with an error */
	bool is_stuck;         /* the host's model lets no data come */
	bool is_application, is_selected;
	uint64_t at, left;     /* words of the memory, of the transfer under way */
	unsigned stops, asked;
	uint64_t now_ns;       /* of card_model_now_ns(), which is a millisecond more at each look */
} card_model_t;

extern card_model_t g_card;

/** A card of the second version, block i filled with i. */
void card_model_reset(void);

/** Carry out a command. @param words bits 127:0 of a long answer, the first for a short one. @return false: no answer */
bool card_model_command(unsigned number, uint32_t argument, uint32_t words[4]);

/** A transfer of so many blocks from where the last command said. */
void card_model_begin(uint64_t blocks);

/** The transfer's next word. */
uint32_t *card_model_word(void);

uint64_t card_model_now_ns(void);

/* What every host's driver is held to: `start` finds the card. */
typedef ax_err_t card_model_start_t(sd_card_t *card);
void card_model_check_size(card_model_start_t *start);
void card_model_check_transfers(card_model_start_t *start);
void card_model_check_old_card(card_model_start_t *start);
void card_model_check_no_card(card_model_start_t *start);
void card_model_check_no_answer(card_model_start_t *start);
void card_model_check_failed_transfer(card_model_start_t *start);
void card_model_check_stuck(card_model_start_t *start);
