/* SPDX-License-Identifier: Apache-2.0 */
/* The controller's start (Part A2, chapter 3) and transfers (section 3.7.2.1). */
#include <base/base.h>
#include <driver_block/driver.h>
#include "command.h"

enum { BLOCK_BYTES = 512, BLOCKS_MOST = 65535 };

#define RESET_ALL	(1u << 24)
#define POWER_3V3	0xf00u
#define CLOCK_INTERNAL	(1u << 0)
#define CLOCK_STABLE	(1u << 1)
#define CLOCK_OUT	(1u << 2)
#define CLOCK_DIVISOR	0xffc0u
#define TIMEOUT_LONGEST (14u << 16)
#define DIVISOR_MOST	1023u
#define IDENTIFY_HZ	400000u
#define TRANSFER_HZ	25000000u
#define CAPABILITIES_MHZ(word) ((word) >> 8 & 0xff)

/* The base clock by twice the divisor: section 2.2.14, 10 bits of which the upper two lie below. */
static ax_err_t set_clock(const sdhci_t *self, uint32_t hz)
{
	uint32_t divisor = AX_MIN((self->base_hz + 2 * hz - 1) / (2 * hz), DIVISOR_MOST);
	uint32_t clock = TIMEOUT_LONGEST | (divisor & 0xff) << 8 | divisor >> 8 << 6 | CLOCK_INTERNAL;
	sdhci_write(self, REG_CLOCK, clock);
	ax_err_t error = sdhci_wait(self, REG_CLOCK, CLOCK_STABLE, CLOCK_STABLE);
	sdhci_write(self, REG_CLOCK, clock | CLOCK_OUT);
	return error;
}

static ax_err_t start(sdhci_t *self)
{
	sdhci_write(self, REG_CLOCK, RESET_ALL);
	ax_err_t error = sdhci_wait(self, REG_CLOCK, RESET_ALL, 0);
	if (error)
		return error;
	if (!self->base_hz)
		self->base_hz = CAPABILITIES_MHZ(sdhci_read(self, REG_CAPABILITIES)) * 1000000;
	if (!self->base_hz)
		return AX_ERR_INVALID_INPUT;
	sdhci_write(self, REG_HOST, POWER_3V3);
	sdhci_write(self, REG_SIGNAL_ENABLE, 0);
	sdhci_write(self, REG_STATUS_ENABLE, UINT32_MAX);
	return set_clock(self, IDENTIFY_HZ);
}

/* A segment's memory may have any alignment. */
static void move_block(const sdhci_t *self, uint8_t *memory, bool is_read)
{
	for (size_t at = 0; at < BLOCK_BYTES; at += sizeof(uint32_t)) {
		uint32_t word;
		if (is_read) {
			word = sdhci_read(self, REG_DATA);
			__builtin_memcpy(memory + at, &word, sizeof word);
		} else {
			__builtin_memcpy(&word, memory + at, sizeof word);
			sdhci_write(self, REG_DATA, word);
		}
	}
}

static ax_err_t move(const sdhci_t *self, const block_request_t *request, bool is_read)
{
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		for (size_t done = 0; done < segment->bytes; done += BLOCK_BYTES) {
			ax_err_t error = sdhci_wait_status(self, is_read ? STATUS_READ_READY : STATUS_WRITE_READY);
			if (error)
				return error;
			move_block(self, (uint8_t *)segment->start + done, is_read);
		}
	}
	return sdhci_wait_status(self, STATUS_TRANSFER_DONE);
}

static ax_err_t transfer(const sdhci_t *self, const block_request_t *request)
{
	bool is_read = request->op == BLOCK_READ, is_several = request->count > 1;
	uint32_t mode = (is_read ? MODE_READ : 0) | (is_several ? MODE_SEVERAL | MODE_COUNT | MODE_STOP : 0);
	uint32_t number = (is_read ? 17 : 24) + is_several;
	uint64_t first = self->first + request->first;
	uint32_t address = (uint32_t)(self->is_high_capacity ? first : first * BLOCK_BYTES);
	sdhci_write(self, REG_BLOCKS, (uint32_t)request->count << 16 | BLOCK_BYTES);
	ax_err_t error = sdhci_command(self, COMMAND(number, ANSWER | WITH_DATA | mode), address);
	if (!error)
		error = move(self, request, is_read);
	if (error) {
		sdhci_recover(self);
		(void)sdhci_command(self, COMMAND(12, ANSWER_BUSY), 0); /* the card may be in the midst of it */
	}
	return error;
}

/* What is written is durable when the card is not busy any more, which the end of a transfer waits for. */
static bool sdhci_submit(block_device_t *device, block_request_t *request)
{
	sdhci_t *self = container_of(device, sdhci_t, device);
	ax_err_t error = AX_OK;
	if (request->op != BLOCK_FLUSH) {
		spin_lock(&self->lock);
		error = transfer(self, request);
		spin_unlock(&self->lock);
	}
	block_request_complete(request, error);
	return true;
}

/* Nothing is ever under way. */
static void sdhci_nothing([[maybe_unused]] block_device_t *device)
{
}

static void sdhci_wait_for([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(sdhci_ops, sdhci_submit, sdhci_nothing, sdhci_nothing, sdhci_wait_for);

ax_err_t sdhci_init(sdhci_t *self, const char *name, uintptr_t registers, uint32_t base_hz, const sdhci_user_t *user)
{
	*self = (sdhci_t){ .registers = registers, .user = user, .base_hz = base_hz, .lock = SPINLOCK_INIT };
	self->device = (block_device_t){
		.name = name,
		.block_bytes = BLOCK_BYTES,
		.preferred_blocks = 8,
		.max_segments = UINT32_MAX,
		.max_blocks = BLOCKS_MOST,
	};
	ax_err_t error = start(self);
	if (!error)
		error = sdhci_find_card(self);
	if (!error)
		error = set_clock(self, TRANSFER_HZ);
	if (!error)
		BLOCK_DRIVER_ATTACH(&self->device, sdhci_ops);
	return error;
}

void sdhci_narrow(sdhci_t *self, uint64_t first, uint64_t count)
{
	self->first += first;
	self->device.block_count = count;
}
