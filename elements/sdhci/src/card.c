/* SPDX-License-Identifier: Apache-2.0 */
/* From power-on to a card that can transfer: Part 1, section 4.2.3, and its size, section 5.3. */
#include "command.h"

#define CHECK_PATTERN	0x1aau     /* command 8: 2.7 to 3.6 V, and a pattern that comes back */
#define WANTED_VOLTAGES 0x00ff8000u
#define HIGH_CAPACITY	(1u << 30)
#define IS_POWERED_UP	(1u << 31)
#define BLOCK_SHIFT	9
#define PATIENCE_NS	UINT64_C(1000000000) /* of the initialization: section 4.2.3 */

static ax_err_t application_command(const sdhci_t *self, uint32_t command, uint32_t argument)
{
	ax_err_t error = sdhci_command(self, COMMAND(55, ANSWER), self->card);
	return error ? error : sdhci_command(self, command, argument);
}

/* A card of the first version does not know command 8. */
static ax_err_t power_up(sdhci_t *self)
{
	(void)sdhci_command(self, COMMAND(0, ANSWER_NONE), 0);
	bool is_second = sdhci_command(self, COMMAND(8, ANSWER), CHECK_PATTERN) == AX_OK &&
			 (sdhci_read(self, REG_RESPONSE) & 0xfff) == CHECK_PATTERN;
	const uint64_t start_ns = self->user->now_ns();
	for (;;) {
		ax_err_t error = application_command(self, COMMAND(41, ANSWER_OPEN),
						     WANTED_VOLTAGES | (is_second ? HIGH_CAPACITY : 0));
		if (error)
			return error;
		uint32_t conditions = sdhci_read(self, REG_RESPONSE);
		if (conditions & IS_POWERED_UP) {
			self->is_high_capacity = conditions & HIGH_CAPACITY;
			return AX_OK;
		}
		if (self->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
}

/* The controller keeps bits 127:8 of the register, from bit 0 of the first response on. */
static uint64_t blocks(const sdhci_t *self)
{
	uint32_t csd[4];
	for (unsigned i = 0; i < 4; i++)
		csd[i] = sdhci_read(self, REG_RESPONSE + 4 * i);
	unsigned version = csd[3] >> 22 & 3;
	if (version == 1)
		return ((uint64_t)(csd[1] >> 8 & 0x3fffff) + 1) << 10;
	unsigned length_shift = csd[2] >> 8 & 15, multiplier = csd[1] >> 7 & 7;
	uint64_t size = (csd[2] & 3) << 10 | csd[1] >> 22;
	return version == 0 && length_shift >= BLOCK_SHIFT ? (size + 1) << (multiplier + 2 + length_shift - BLOCK_SHIFT) : 0;
}

ax_err_t sdhci_find_card(sdhci_t *self)
{
	self->card = 0;
	ax_err_t error = power_up(self);
	if (!error)
		error = sdhci_command(self, COMMAND(2, ANSWER_LONG), 0);
	if (!error)
		error = sdhci_command(self, COMMAND(3, ANSWER), 0);
	if (error)
		return AX_ERR_NO_DEVICE;
	self->card = sdhci_read(self, REG_RESPONSE) & 0xffff0000;
	error = sdhci_command(self, COMMAND(9, ANSWER_LONG), self->card);
	self->device.block_count = error ? 0 : blocks(self);
	if (!error)
		error = sdhci_command(self, COMMAND(7, ANSWER_BUSY), self->card);
	if (!error)
		error = sdhci_command(self, COMMAND(16, ANSWER), 1u << BLOCK_SHIFT);
	return error || !self->device.block_count ? AX_ERR_NO_DEVICE : AX_OK;
}
