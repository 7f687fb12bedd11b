/* SPDX-License-Identifier: Apache-2.0 */
/* See bcm2835_mailbox.h. */
#include <bcm2835_mailbox/bcm2835_mailbox.h>

/* Mailbox 0 is read, mailbox 1 written. */
enum { READ = 0x00, READ_STATUS = 0x18, WRITE = 0x20, WRITE_STATUS = 0x38 };

#define STATUS_FULL  (1u << 31)
#define STATUS_EMPTY (1u << 30)
#define CHANNEL_MASK 15u
#define CHANNEL_PROPERTIES 8u
#define CODE_ANSWERED	   0x80000000u
#define TAG_IS_ANSWER	   (1u << 31)
#define PATIENCE_NS	   UINT64_C(1000000000)

enum { TAG_BOARD_REVISION = 0x10002, TAG_MAC_ADDRESS = 0x10003, TAG_ARM_MEMORY = 0x10005, TAG_CLOCK_RATE = 0x30002 };
enum { BYTES, CODE, TAG, VALUE_BYTES, TAG_CODE, VALUE, VALUES_MOST = 2, END = VALUE + VALUES_MOST };

static ax_err_t wait_until_not(const bcm2835_mailbox_t *self, unsigned offset, uint32_t bit)
{
	const uint64_t start_ns = self->now_ns();
	while (self->read(self->registers, offset) & bit) {
		if (self->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
	return AX_OK;
}

/* Answers of other channels, left from before, are passed over. */
static ax_err_t exchange(const bcm2835_mailbox_t *self)
{
	const uint32_t message = (self->address & ~CHANNEL_MASK) | CHANNEL_PROPERTIES;
	const uint64_t start_ns = self->now_ns();
	ax_err_t error = wait_until_not(self, WRITE_STATUS, STATUS_FULL);
	if (error)
		return error;
	self->write(self->registers, WRITE, message);
	while (self->now_ns() - start_ns <= PATIENCE_NS) {
		error = wait_until_not(self, READ_STATUS, STATUS_EMPTY);
		if (error || self->read(self->registers, READ) == message)
			return error;
	}
	return AX_ERR_TIMED_OUT;
}

/* One property, its two words in and out. */
static ax_err_t ask(const bcm2835_mailbox_t *self, uint32_t tag, uint32_t values[VALUES_MOST])
{
	uint32_t *words = self->words;
	words[BYTES] = (END + 1) * sizeof *words;
	words[CODE] = 0;
	words[TAG] = tag;
	words[VALUE_BYTES] = VALUES_MOST * sizeof *words;
	words[TAG_CODE] = 0;
	words[VALUE] = values[0];
	words[VALUE + 1] = values[1];
	words[END] = 0;
	self->sync(words, BCM2835_MAILBOX_WORDS * sizeof *words);
	ax_err_t error = exchange(self);
	self->sync(words, BCM2835_MAILBOX_WORDS * sizeof *words);
	if (error)
		return error;
	const volatile uint32_t *answer = words; /* the firmware has written them */
	if (answer[CODE] != CODE_ANSWERED || !(answer[TAG_CODE] & TAG_IS_ANSWER))
		return AX_ERR_NOT_SUPPORTED;
	values[0] = answer[VALUE];
	values[1] = answer[VALUE + 1];
	return AX_OK;
}

ax_err_t bcm2835_mailbox_clock_hz(const bcm2835_mailbox_t *self, bcm2835_clock_t clock, uint32_t *hz)
{
	uint32_t values[VALUES_MOST] = { clock, 0 };
	ax_err_t error = ask(self, TAG_CLOCK_RATE, values);
	*hz = error ? 0 : values[1];
	return error;
}

ax_err_t bcm2835_mailbox_arm_memory(const bcm2835_mailbox_t *self, uint32_t *start, uint32_t *bytes)
{
	uint32_t values[VALUES_MOST] = { 0 };
	ax_err_t error = ask(self, TAG_ARM_MEMORY, values);
	*start = values[0];
	*bytes = values[1];
	return error;
}

ax_err_t bcm2835_mailbox_board_revision(const bcm2835_mailbox_t *self, uint32_t *revision)
{
	uint32_t values[VALUES_MOST] = { 0 };
	ax_err_t error = ask(self, TAG_BOARD_REVISION, values);
	*revision = values[0];
	return error;
}

ax_err_t bcm2835_mailbox_mac_address(const bcm2835_mailbox_t *self, uint8_t address[6])
{
	uint32_t values[VALUES_MOST] = { 0 };
	ax_err_t error = ask(self, TAG_MAC_ADDRESS, values);
	__builtin_memcpy(address, values, 6);
	return error;
}
