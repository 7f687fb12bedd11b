/* SPDX-License-Identifier: Apache-2.0 */
/* From power-on to a card that can transfer: Part 1, section 4.2.3, and its size, section 5.3. */
#include "identify.h"

#define CHECK_PATTERN	0x1aau     /* command 8: 2.7 to 3.6 V, and a pattern that comes back */
#define WANTED_VOLTAGES 0x00ff8000u
#define HIGH_CAPACITY	(1u << 30)
#define IS_POWERED_UP	(1u << 31)
#define BLOCK_SHIFT	9
#define PATIENCE_NS	UINT64_C(1000000000) /* of the initialization: section 4.2.3 */

static ax_err_t application_command(sd_card_t *self, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4])
{
	ax_err_t error = sd_card_command(self, 55, SD_ANSWER, self->address, words);
	return error ? error : sd_card_command(self, number, answer, argument, words);
}

/* A card of the first version does not know command 8. */
static ax_err_t power_up(sd_card_t *self)
{
	uint32_t words[4];
	(void)sd_card_command(self, 0, SD_ANSWER_NONE, 0, words);
	bool is_second = sd_card_command(self, 8, SD_ANSWER, CHECK_PATTERN, words) == AX_OK && (words[0] & 0xfff) == CHECK_PATTERN;
	const uint64_t start_ns = self->host->user->now_ns();
	for (;;) {
		ax_err_t error = application_command(self, 41, SD_ANSWER_OPEN, WANTED_VOLTAGES | (is_second ? HIGH_CAPACITY : 0), words);
		if (error)
			return error;
		if (words[0] & IS_POWERED_UP) {
			self->is_high_capacity = words[0] & HIGH_CAPACITY;
			return AX_OK;
		}
		if (self->host->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
}

/* Of the register's 128 bits @p width from bit @p at on. */
static uint32_t field(const uint32_t csd[4], unsigned at, unsigned width)
{
	uint64_t two = csd[at / 32] | (uint64_t)(at / 32 < 3 ? csd[at / 32 + 1] : 0) << 32;
	return (uint32_t)(two >> at % 32 & ((UINT64_C(1) << width) - 1));
}

/* CSD_STRUCTURE is in bits 127:126; the size of its version 2 in bits 69:48, in half MiB. 0: not known. */
static uint64_t blocks(const uint32_t csd[4])
{
	unsigned version = field(csd, 126, 2);
	if (version == 1)
		return ((uint64_t)field(csd, 48, 22) + 1) << 10;
	unsigned length_shift = field(csd, 80, 4), multiplier = field(csd, 47, 3);
	uint64_t size = field(csd, 62, 12);
	return version == 0 && length_shift >= BLOCK_SHIFT ? (size + 1) << (multiplier + 2 + length_shift - BLOCK_SHIFT) : 0;
}

ax_err_t sd_card_identify(sd_card_t *self)
{
	uint32_t words[4];
	self->address = 0;
	ax_err_t error = power_up(self);
	if (!error)
		error = sd_card_command(self, 2, SD_ANSWER_LONG, 0, words);
	if (!error)
		error = sd_card_command(self, 3, SD_ANSWER, 0, words);
	if (error)
		return AX_ERR_NO_DEVICE;
	self->address = words[0] & 0xffff0000;
	error = sd_card_command(self, 9, SD_ANSWER_LONG, self->address, words);
	self->device.block_count = error ? 0 : blocks(words);
	if (!error)
		error = sd_card_command(self, 7, SD_ANSWER_BUSY, self->address, words);
	if (!error)
		error = sd_card_command(self, 16, SD_ANSWER, SD_BLOCK_BYTES, words);
	return error || !self->device.block_count ? AX_ERR_NO_DEVICE : AX_OK;
}
