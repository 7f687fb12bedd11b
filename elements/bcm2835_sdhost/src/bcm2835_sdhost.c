/* SPDX-License-Identifier: Apache-2.0 */
/* See bcm2835_sdhost.h. */
#include <base/base.h>
#include <bcm2835_sdhost/bcm2835_sdhost.h>

enum {
	REG_COMMAND = 0x00,
	REG_ARGUMENT = 0x04,
	REG_TIMEOUT = 0x08, /* clocks of the card */
	REG_DIVISOR = 0x0c, /* less 2 */
	REG_ANSWER = 0x10,  /* bits 31:0 in the first of four */
	REG_STATUS = 0x20,  /* ones clear */
	REG_POWER = 0x30,
	REG_STATE = 0x34,
	REG_CONFIG = 0x38,
	REG_BLOCK_BYTES = 0x3c,
	REG_DATA = 0x40,
	REG_BLOCK_COUNT = 0x50, /* 9 bits */
};

#define COMMAND_NEW    0x8000u /* until it has been answered */
#define COMMAND_FAILED 0x4000u
#define COMMAND_BUSY   0x0800u
#define COMMAND_WRITE  0x0080u
#define COMMAND_READ   0x0040u

#define STATUS_BUSY_OVER    0x400u
#define STATUS_DATA_TIMEOUT 0x080u
#define STATUS_TIMEOUT	    0x040u
#define STATUS_ANSWER_SUM   0x010u
#define STATUS_ERRORS	    0x0f8u
#define STATUS_ALL	    0x7f8u

#define CONFIG_BUSY_OVER (1u << 10) /* else the status does not tell it */
#define CONFIG_SLOW_CARD (1u << 3)
#define CONFIG_WIDE_BUS	 (1u << 1)  /* inside: REG_DATA has 32 bits */

/* What the controller does, in the lowest bits; behind them how full the FIFO is, and from where on it asks. */
#define STATE_MASK	  0xfu
#define STATE_IDENTIFY	  0x0u
#define STATE_IDLE	  0x1u
#define STATE_READ_WAIT	  0x4u
#define STATE_WRITE_START 0xau
#define STATE_FORCE_IDLE  (1u << 19)
#define STATE_WORDS(state) ((state) >> 4 & 0x1f)
#define STATE_LEVELS	  (0x1fu << 9 | 0x1fu << 14)
#define STATE_LEVELS_4	  (4u << 9 | 4u << 14) /* more of the FIFO loses words */

enum { FIFO_WORDS = 16, BLOCKS_MOST = 511, DIVISOR_MOST = 0x7ff };

#define PATIENCE_NS UINT64_C(1000000000)
#define POWER_NS    UINT64_C(20000000) /* off and on again */

static const uint32_t s_answers[] = {
	[SD_ANSWER_NONE] = 0x400,
	[SD_ANSWER] = 0,
	[SD_ANSWER_BUSY] = COMMAND_BUSY,
	[SD_ANSWER_OPEN] = 0,
	[SD_ANSWER_LONG] = 0x200,
};

static ax_err_t error_of(uint32_t status)
{
	return status & (STATUS_TIMEOUT | STATUS_DATA_TIMEOUT) ? AX_ERR_TIMED_OUT : status & STATUS_ERRORS ? AX_ERR_IO : AX_OK;
}

/* A transfer may leave the controller in want of a command that never comes. */
static void force_idle(const sd_host_t *host)
{
	uint32_t state = sd_host_read(host, REG_STATE);
	if ((state & STATE_MASK) == STATE_READ_WAIT || (state & STATE_MASK) == STATE_WRITE_START)
		sd_host_write(host, REG_STATE, state | STATE_FORCE_IDLE);
}

static void recover(const sd_host_t *host)
{
	force_idle(host);
	sd_host_write(host, REG_COMMAND, 0);
	sd_host_write(host, REG_STATUS, STATUS_ALL);
}

/* An answer without a checksum is told as one whose checksum is wrong. */
static ax_err_t send(const sd_host_t *host, uint32_t command, uint32_t argument, bool has_sum)
{
	ax_err_t error = sd_host_wait(host, REG_COMMAND, COMMAND_NEW, 0);
	if (error)
		return error;
	sd_host_write(host, REG_STATUS, STATUS_ALL);
	sd_host_write(host, REG_ARGUMENT, argument);
	sd_host_write(host, REG_COMMAND, command | COMMAND_NEW);
	error = sd_host_wait(host, REG_COMMAND, COMMAND_NEW, 0);
	if (error || !(sd_host_read(host, REG_COMMAND) & COMMAND_FAILED))
		return error;
	uint32_t status = sd_host_read(host, REG_STATUS) & STATUS_ERRORS;
	if (!has_sum && status == STATUS_ANSWER_SUM)
		return AX_OK;
	return status ? error_of(status) : AX_ERR_IO;
}

static ax_err_t command(sd_host_t *host, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4])
{
	ax_err_t error = send(host, number | s_answers[answer], argument, answer != SD_ANSWER_OPEN);
	if (!error && answer == SD_ANSWER_BUSY)
		error = sd_host_wait(host, REG_STATUS, STATUS_BUSY_OVER, STATUS_BUSY_OVER);
	if (error) {
		recover(host);
		return error;
	}
	for (unsigned i = 0; i < (answer == SD_ANSWER_LONG ? 4 : 1); i++)
		words[i] = sd_host_read(host, REG_ANSWER + 4 * i);
	return AX_OK;
}

/* Data may take half a second, as Linux has it. */
static ax_err_t set_clock(sd_host_t *host, uint32_t hz)
{
	uint32_t divisor = AX_MAX((host->base_hz + hz - 1) / hz, 2u) - 2;
	sd_host_write(host, REG_DIVISOR, AX_MIN(divisor, (uint32_t)DIVISOR_MOST));
	sd_host_write(host, REG_TIMEOUT, hz / 2);
	return AX_OK;
}

static ax_err_t move_block(sd_host_t *host, uint8_t *block, bool is_read)
{
	const uint64_t start_ns = host->user->now_ns();
	for (size_t at = 0; at < SD_BLOCK_BYTES;) {
		uint32_t filled = STATE_WORDS(sd_host_read(host, REG_STATE));
		uint32_t words = is_read ? filled : FIFO_WORDS - AX_MIN(filled, (uint32_t)FIFO_WORDS);
		ax_err_t error = words ? AX_OK : error_of(sd_host_read(host, REG_STATUS));
		if (!words && !error && host->user->now_ns() - start_ns > PATIENCE_NS)
			error = AX_ERR_TIMED_OUT;
		if (error)
			return error;
		for (; words && at < SD_BLOCK_BYTES; words--, at += sizeof(uint32_t))
			sd_host_move_word(host, REG_DATA, block + at, is_read);
	}
	return AX_OK;
}

/* Until the controller is idle, or waits for the command that ends a transfer. */
static ax_err_t finish(const sd_host_t *host, bool is_read)
{
	const uint32_t rest = is_read ? STATE_READ_WAIT : STATE_WRITE_START;
	const uint64_t start_ns = host->user->now_ns();
	for (;;) {
		uint32_t state = sd_host_read(host, REG_STATE) & STATE_MASK;
		if (state == STATE_IDENTIFY || state == STATE_IDLE || state == rest)
			break;
		if (host->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
	force_idle(host);
	return error_of(sd_host_read(host, REG_STATUS));
}

static ax_err_t transfer(sd_host_t *host, uint32_t address, const block_request_t *request)
{
	bool is_read = request->op == BLOCK_READ;
	sd_host_write(host, REG_BLOCK_BYTES, SD_BLOCK_BYTES);
	sd_host_write(host, REG_BLOCK_COUNT, (uint32_t)request->count);
	ax_err_t error = send(host, sd_host_transfer_command(request) | (is_read ? COMMAND_READ : COMMAND_WRITE), address, true);
	if (!error)
		error = sd_host_move_blocks(host, request, move_block);
	if (!error)
		error = finish(host, is_read);
	if (error) {
		recover(host);
		return error;
	}
	uint32_t words[4];
	return request->count > 1 ? command(host, 12, SD_ANSWER_BUSY, 0, words) : AX_OK;
}

static const sd_host_ops_t s_ops = { set_clock, command, transfer, BLOCKS_MOST };

static void pause(const sd_host_t *host)
{
	const uint64_t start_ns = host->user->now_ns();
	while (host->user->now_ns() - start_ns < POWER_NS)
		;
}

void bcm2835_sdhost_init(bcm2835_sdhost_t *self, uintptr_t registers, uint32_t base_hz, const sd_host_user_t *user)
{
	sd_host_t *host = &self->host;
	*host = (sd_host_t){ &s_ops, registers, user, base_hz };
	sd_host_write(host, REG_POWER, 0);
	sd_host_write(host, REG_COMMAND, 0);
	sd_host_write(host, REG_STATUS, STATUS_ALL);
	sd_host_write(host, REG_CONFIG, 0);
	sd_host_write(host, REG_BLOCK_COUNT, 0);
	sd_host_write(host, REG_STATE, (sd_host_read(host, REG_STATE) & ~STATE_LEVELS) | STATE_LEVELS_4);
	pause(host);
	sd_host_write(host, REG_POWER, 1);
	pause(host);
	sd_host_write(host, REG_CONFIG, CONFIG_BUSY_OVER | CONFIG_SLOW_CARD | CONFIG_WIDE_BUS);
}
