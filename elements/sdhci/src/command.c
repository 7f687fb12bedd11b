/* SPDX-License-Identifier: Apache-2.0 */
/* See command.h. */
#include "command.h"

#define STATE_BUSY   3u /* command or data lines are in use */
#define RESET_LINES  (3u << 25)
#define PATIENCE_NS  UINT64_C(1000000000) /* a card may take 250 ms for a write: Part 1, section 4.6.2.2 */

ax_err_t sdhci_wait(const sdhci_t *self, unsigned offset, uint32_t bits, uint32_t value)
{
	const uint64_t start_ns = self->user->now_ns();
	while ((sdhci_read(self, offset) & bits) != value) {
		if (self->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
	return AX_OK;
}

ax_err_t sdhci_wait_status(const sdhci_t *self, uint32_t bits)
{
	const uint64_t start_ns = self->user->now_ns();
	for (;;) {
		uint32_t status = sdhci_read(self, REG_STATUS);
		if (status & STATUS_ERRORS)
			return AX_ERR_IO;
		if (status & bits) {
			sdhci_write(self, REG_STATUS, bits);
			return AX_OK;
		}
		if (self->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
}

void sdhci_recover(const sdhci_t *self)
{
	sdhci_write(self, REG_CLOCK, sdhci_read(self, REG_CLOCK) | RESET_LINES);
	(void)sdhci_wait(self, REG_CLOCK, RESET_LINES, 0);
	sdhci_write(self, REG_STATUS, UINT32_MAX);
}

ax_err_t sdhci_command(const sdhci_t *self, uint32_t command, uint32_t argument)
{
	ax_err_t error = sdhci_wait(self, REG_STATE, STATE_BUSY, 0);
	if (!error) {
		sdhci_write(self, REG_STATUS, UINT32_MAX);
		sdhci_write(self, REG_ARGUMENT, argument);
		sdhci_write(self, REG_COMMAND, command);
		error = sdhci_wait_status(self, STATUS_COMMAND_DONE);
	}
	if (!error && (command & ANSWER_BUSY) == ANSWER_BUSY)
		error = sdhci_wait_status(self, STATUS_TRANSFER_DONE);
	if (error)
		sdhci_recover(self);
	return error;
}
