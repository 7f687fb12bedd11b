/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's start (Part A2, chapter 3), commands (section 3.7.1) and transfers (section 3.7.2.1). */
#include <base/base.h>
#include <sdhci/sdhci.h>

/* Section 2.2 */
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

#define COMMAND_WITH_DATA 0x200000u
/* Transfer mode (section 2.2.5) */
#define MODE_COUNT   0x02u
#define MODE_STOP    0x04u /* the controller sends command 12 */
#define MODE_READ    0x10u
#define MODE_SEVERAL 0x20u

#define STATE_BUSY  3u /* command or data lines are in use */
#define RESET_ALL   (1u << 24)
#define RESET_LINES (3u << 25)

#define STATUS_COMMAND_DONE  (1u << 0)
#define STATUS_TRANSFER_DONE (1u << 1)
#define STATUS_WRITE_READY   (1u << 4)
#define STATUS_READ_READY    (1u << 5)
#define STATUS_ERRORS	     0xffff8000u

#define POWER_3V3	0xf00u
#define CLOCK_INTERNAL	(1u << 0)
#define CLOCK_STABLE	(1u << 1)
#define CLOCK_OUT	(1u << 2)
#define TIMEOUT_LONGEST (14u << 16)
#define DIVISOR_MOST	1023u
#define BLOCKS_MOST	65535u
#define PATIENCE_NS	UINT64_C(1000000000)
#define CAPABILITIES_MHZ(word) ((word) >> 8 & 0xff)

/* The answer that a command has, with its checks: section 2.2.6. */
static const uint32_t s_answers[] = {
	[SD_ANSWER_NONE] = 0,
	[SD_ANSWER] = 0x1a0000,
	[SD_ANSWER_BUSY] = 0x1b0000,
	[SD_ANSWER_OPEN] = 0x020000,
	[SD_ANSWER_LONG] = 0x090000,
};

/* Until one of @p bits of the status, which is cleared. */
static ax_err_t wait_status(const sd_host_t *host, uint32_t bits)
{
	const uint64_t start_ns = host->user->now_ns();
	for (;;) {
		uint32_t status = sd_host_read(host, REG_STATUS);
		if (status & STATUS_ERRORS)
			return AX_ERR_IO;
		if (status & bits) {
			sd_host_write(host, REG_STATUS, bits);
			return AX_OK;
		}
		if (host->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
}

/* After a failure: the command and data lines afresh. */
static void recover(const sd_host_t *host)
{
	sd_host_write(host, REG_CLOCK, sd_host_read(host, REG_CLOCK) | RESET_LINES);
	(void)sd_host_wait(host, REG_CLOCK, RESET_LINES, 0);
	sd_host_write(host, REG_STATUS, UINT32_MAX);
}

static ax_err_t send(const sd_host_t *host, unsigned number, uint32_t flags, uint32_t argument)
{
	ax_err_t error = sd_host_wait(host, REG_STATE, STATE_BUSY, 0);
	if (error)
		return error;
	sd_host_write(host, REG_STATUS, UINT32_MAX);
	sd_host_write(host, REG_ARGUMENT, argument);
	sd_host_write(host, REG_COMMAND, (uint32_t)number << 24 | flags);
	return wait_status(host, STATUS_COMMAND_DONE);
}

/* The controller keeps bits 127:8 of a long answer, from bit 0 of the first register on: section 2.2.7. */
static void read_answer(const sd_host_t *host, sd_answer_t answer, uint32_t words[4])
{
	words[0] = sd_host_read(host, REG_RESPONSE);
	if (answer != SD_ANSWER_LONG)
		return;
	for (unsigned i = 3; i; i--)
		words[i] = sd_host_read(host, REG_RESPONSE + 4 * i) << 8 | sd_host_read(host, REG_RESPONSE + 4 * i - 4) >> 24;
	words[0] <<= 8;
}

static ax_err_t command(sd_host_t *host, unsigned number, sd_answer_t answer, uint32_t argument, uint32_t words[4])
{
	ax_err_t error = send(host, number, s_answers[answer], argument);
	if (!error && answer == SD_ANSWER_BUSY)
		error = wait_status(host, STATUS_TRANSFER_DONE);
	if (error)
		recover(host);
	else
		read_answer(host, answer, words);
	return error;
}

/* The base clock by twice the divisor: section 2.2.14, 10 bits of which the upper two lie below. */
static ax_err_t set_clock(sd_host_t *host, uint32_t hz)
{
	uint32_t divisor = AX_MIN((host->base_hz + 2 * hz - 1) / (2 * hz), DIVISOR_MOST);
	uint32_t clock = TIMEOUT_LONGEST | (divisor & 0xff) << 8 | divisor >> 8 << 6 | CLOCK_INTERNAL;
	sd_host_write(host, REG_CLOCK, clock);
	ax_err_t error = sd_host_wait(host, REG_CLOCK, CLOCK_STABLE, CLOCK_STABLE);
	sd_host_write(host, REG_CLOCK, clock | CLOCK_OUT);
	return error;
}

static ax_err_t move_block(sd_host_t *host, uint8_t *block, bool is_read)
{
	ax_err_t error = wait_status(host, is_read ? STATUS_READ_READY : STATUS_WRITE_READY);
	for (size_t at = 0; !error && at < SD_BLOCK_BYTES; at += sizeof(uint32_t))
		sd_host_move_word(host, REG_DATA, block + at, is_read);
	return error;
}

static ax_err_t transfer(sd_host_t *host, uint32_t address, const block_request_t *request)
{
	uint32_t mode = (request->op == BLOCK_READ ? MODE_READ : 0) | (request->count > 1 ? MODE_SEVERAL | MODE_COUNT | MODE_STOP : 0);
	sd_host_write(host, REG_BLOCKS, (uint32_t)request->count << 16 | SD_BLOCK_BYTES);
	ax_err_t error = send(host, sd_host_transfer_command(request), s_answers[SD_ANSWER] | COMMAND_WITH_DATA | mode, address);
	if (!error)
		error = sd_host_move_blocks(host, request, move_block);
	if (!error)
		error = wait_status(host, STATUS_TRANSFER_DONE);
	if (error)
		recover(host);
	return error;
}

static const sd_host_ops_t s_ops = { set_clock, command, transfer, BLOCKS_MOST };

ax_err_t sdhci_init(sdhci_t *self, uintptr_t registers, uint32_t base_hz, const sd_host_user_t *user)
{
	sd_host_t *host = &self->host;
	*host = (sd_host_t){ &s_ops, registers, user, base_hz };
	sd_host_write(host, REG_CLOCK, RESET_ALL);
	ax_err_t error = sd_host_wait(host, REG_CLOCK, RESET_ALL, 0);
	if (error)
		return error;
	if (!host->base_hz)
		host->base_hz = CAPABILITIES_MHZ(sd_host_read(host, REG_CAPABILITIES)) * 1000000;
	if (!host->base_hz)
		return AX_ERR_INVALID_INPUT;
	sd_host_write(host, REG_HOST, POWER_3V3);
	sd_host_write(host, REG_SIGNAL_ENABLE, 0);
	sd_host_write(host, REG_STATUS_ENABLE, UINT32_MAX);
	return AX_OK;
}
