/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sd_card/sd_card.h>

/** From power-on to a card that can transfer; its address, kind of addresses and size. */
ax_err_t sd_card_identify(sd_card_t *self);

/** Send a command; its answer is in @p words, of which a long one needs four. */
static inline ax_err_t sd_card_command(sd_card_t *self, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4])
{
	return self->host->ops->command(self->host, number, answer, argument, words);
}
