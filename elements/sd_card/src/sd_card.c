/* SPDX-License-Identifier: Apache-2.0 */
/* The card as a block device. */
#include <base/base.h>
#include <driver_block/driver.h>
#include "identify.h"

#define IDENTIFY_HZ 400000u   /* Part 1, section 4.2.1 */
#define TRANSFER_HZ 25000000u /* section 4.3.10: without a switch to high speed */

static ax_err_t transfer(sd_card_t *self, const block_request_t *request)
{
	uint32_t words[4];
	uint64_t first = self->first + request->first;
	uint32_t address = (uint32_t)(self->is_high_capacity ? first : first * SD_BLOCK_BYTES);
	ax_err_t error = self->host->ops->transfer(self->host, address, request);
	if (error)
		(void)sd_card_command(self, 12, SD_ANSWER_BUSY, 0, words); /* the card may be in the midst of it */
	return error;
}

/* What is written is durable when the card is not busy any more, which the end of a transfer waits for. */
static bool submit(block_device_t *device, block_request_t *request)
{
	sd_card_t *self = container_of(device, sd_card_t, device);
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
static void nothing([[maybe_unused]] block_device_t *device)
{
}

static void wait_for([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(sd_card_ops, submit, nothing, nothing, wait_for);

ax_err_t sd_card_init(sd_card_t *self, const char *name, sd_host_t *host)
{
	*self = (sd_card_t){ .host = host, .lock = SPINLOCK_INIT };
	self->device = (block_device_t){
		.name = name,
		.block_bytes = SD_BLOCK_BYTES,
		.preferred_blocks = 8,
		.max_segments = UINT32_MAX,
		.max_blocks = host->ops->blocks_most,
	};
	ax_err_t error = host->ops->set_clock(host, IDENTIFY_HZ);
	if (!error)
		error = sd_card_identify(self);
	if (!error)
		error = host->ops->set_clock(host, TRANSFER_HZ);
	if (!error)
		BLOCK_DRIVER_ATTACH(&self->device, sd_card_ops);
	return error;
}

void sd_card_narrow(sd_card_t *self, uint64_t first, uint64_t count)
{
	self->first += first;
	self->device.block_count = count;
}
