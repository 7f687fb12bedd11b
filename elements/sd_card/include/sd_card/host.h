/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a driver of a memory card's host controller fills. Its structure holds an sd_host_t; commands and their answers are those of the
 * SD Specifications, Part 1, Physical Layer Simplified Specification 3.01, chapter 4. One caller at a time.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { SD_BLOCK_BYTES = 512 };

/** What a command is answered with: section 4.9. */
typedef enum sd_answer {
	SD_ANSWER_NONE,
	SD_ANSWER,      /* R1, R6, R7 */
	SD_ANSWER_BUSY, /* R1b: it has ended when the card is not busy any more */
	SD_ANSWER_OPEN, /* R3: no checksum */
	SD_ANSWER_LONG, /* R2 */
} sd_answer_t;

/** What the driver of a controller needs of its user: registers are 32 bits wide. Must outlive the device. */
typedef struct sd_host_user {
	uint32_t (*read)(uintptr_t registers, unsigned offset);
	void (*write)(uintptr_t registers, unsigned offset, uint32_t value);
	uint64_t (*now_ns)(void);
} sd_host_user_t;

typedef struct sd_host sd_host_t;

/** All return AX_ERR_TIMED_OUT if the controller or the card does not go on, AX_ERR_IO for what went wrong on the wire, and are ready
 *  for the next command then. */
typedef struct sd_host_ops {
	/** The card's clock, at most @p hz. */
	ax_err_t (*set_clock)(sd_host_t *self, uint32_t hz);

	/** @param words  the answer without its frame: bits 31:0 in the first; of a long one bits 127:8 in place, all four */
	ax_err_t (*command)(sd_host_t *self, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4]);

	/** Read or write @p request's blocks at the card's @p address; several are stopped by command 12 if all went well. */
	ax_err_t (*transfer)(sd_host_t *self, uint32_t address, const block_request_t *request);

	uint32_t blocks_most; /* of one transfer */
} sd_host_ops_t;

struct sd_host {
	const sd_host_ops_t *ops;
	uintptr_t registers;
	const sd_host_user_t *user;
	uint32_t base_hz; /* the controller's own clock */
};

static inline uint32_t sd_host_read(const sd_host_t *self, unsigned offset)
{
	return self->user->read(self->registers, offset);
}

static inline void sd_host_write(const sd_host_t *self, unsigned offset, uint32_t value)
{
	self->user->write(self->registers, offset, value);
}

/** Until the register's @p bits are @p value; AX_ERR_TIMED_OUT after a second: a card may take 250 ms for a write (section 4.6.2.2). */
ax_err_t sd_host_wait(const sd_host_t *self, unsigned offset, uint32_t bits, uint32_t value);

/** The command that transfers @p request: 17, 18, 24 or 25. */
static inline unsigned sd_host_transfer_command(const block_request_t *request)
{
	return (request->op == BLOCK_READ ? 17 : 24) + (request->count > 1);
}

/** Call @p move for each block of a request in order, until it fails. */
ax_err_t sd_host_move_blocks(sd_host_t *self, const block_request_t *request,
			     ax_err_t (*move)(sd_host_t *self, uint8_t *block, bool is_read));

/** One word between memory of any alignment and the register at @p offset. */
static inline void sd_host_move_word(const sd_host_t *self, unsigned offset, uint8_t *memory, bool is_read)
{
	uint32_t word;
	if (is_read) {
		word = sd_host_read(self, offset);
		__builtin_memcpy(memory, &word, sizeof word);
	} else {
		__builtin_memcpy(&word, memory, sizeof word);
		sd_host_write(self, offset, word);
	}
}

#pragma GCC visibility pop
