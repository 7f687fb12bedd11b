/* SPDX-License-Identifier: Apache-2.0 */
/* Commands and the controller's registers (Part A2, section 2.2). */
#pragma once

#include <sdhci/sdhci.h>

enum {
	REG_BLOCKS = 0x04, /* size below, count above */
	REG_ARGUMENT = 0x08,
	REG_COMMAND = 0x0c, /* transfer mode below */
	REG_RESPONSE = 0x10,
	REG_DATA = 0x20,
	REG_STATE = 0x24,
	REG_HOST = 0x28, /* power in bits 15:8 */
	REG_CLOCK = 0x2c, /* data timeout in bits 19:16, resets above */
	REG_STATUS = 0x30,
	REG_STATUS_ENABLE = 0x34,
	REG_SIGNAL_ENABLE = 0x38,
	REG_CAPABILITIES = 0x40,
};

/* The answer that a command has, with its checks (section 2.2.6), and whether data follow. */
#define ANSWER_NONE  0u
#define ANSWER_LONG  0x090000u /* R2 */
#define ANSWER_OPEN  0x020000u /* R3 */
#define ANSWER	     0x1a0000u /* R1, R6, R7 */
#define ANSWER_BUSY  0x1b0000u /* R1b */
#define WITH_DATA    0x200000u
/* Transfer mode (section 2.2.5) */
#define MODE_COUNT   0x02u
#define MODE_STOP    0x04u /* the controller sends command 12 */
#define MODE_READ    0x10u
#define MODE_SEVERAL 0x20u

#define COMMAND(number, flags) ((uint32_t)(number) << 24 | (flags))

#define STATUS_COMMAND_DONE  (1u << 0)
#define STATUS_TRANSFER_DONE (1u << 1)
#define STATUS_WRITE_READY   (1u << 4)
#define STATUS_READ_READY    (1u << 5)
#define STATUS_ERRORS	     0xffff8000u

static inline uint32_t sdhci_read(const sdhci_t *self, unsigned offset)
{
	return self->user->read(self->registers, offset);
}

static inline void sdhci_write(const sdhci_t *self, unsigned offset, uint32_t value)
{
	self->user->write(self->registers, offset, value);
}

/** Until the register's @p bits are @p value; AX_ERR_TIMED_OUT after a second. */
ax_err_t sdhci_wait(const sdhci_t *self, unsigned offset, uint32_t bits, uint32_t value);

/** Until one of @p bits of the status, which is cleared. AX_ERR_IO for an error, AX_ERR_TIMED_OUT if nothing comes. */
ax_err_t sdhci_wait_status(const sdhci_t *self, uint32_t bits);

/** Send a command; its answer is in REG_RESPONSE. After a failure the controller is ready for the next one. */
ax_err_t sdhci_command(const sdhci_t *self, uint32_t command, uint32_t argument);

/** After a failure: the command and data lines afresh. */
void sdhci_recover(const sdhci_t *self);

/** The card's answers until it can transfer, and its size: card.c. */
ax_err_t sdhci_find_card(sdhci_t *self);
