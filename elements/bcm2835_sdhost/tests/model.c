/* SPDX-License-Identifier: Apache-2.0 */
/* See model.h. */
#include "model.h"
#include <axtest.h>
#include <string.h>

enum { FIFO = 16, IDLE = 1, READING = 2, WRITING = 3, READ_WAIT = 4 };

sdhost_model_t g_model;

static uint32_t *reg(unsigned offset)
{
	return &g_model.registers[offset / 4];
}

static void be(unsigned state)
{
	*reg(0x34) = (*reg(0x34) & ~0xfu) | state;
}

static void start_transfer(uint32_t word)
{
	unsigned number = word & 63;
	CHECK_EQ(*reg(0x3c), MODEL_BLOCK_BYTES);
	CHECK_EQ((word & 0x40) != 0, number == 17 || number == 18);
	CHECK(*reg(0x50) > 0 && *reg(0x50) < 512);
	CHECK_EQ(*reg(0x50) > 1, number == 18 || number == 25);
	g_model.is_read = word & 0x40;
	g_model.fifo = 0;
	card_model_begin(*reg(0x50));
	be(g_model.is_read ? READING : WRITING);
}

static void command(uint32_t word)
{
	uint32_t words[4];
	unsigned number = word & 63;
	CHECK(word & 0x8000);
	CHECK(g_model.was_on);
	*reg(0x00) = word & ~0x8000u;
	if (!card_model_command(number, *reg(0x04), words)) {
		*reg(0x00) |= 0x4000;
		*reg(0x20) |= 0x40;
		return;
	}
	if (!(word & 0x200))
		words[1] = words[2] = words[3] = 0;
	memcpy(reg(0x10), words, sizeof words);
	if (number == 41) { /* no checksum, which it takes for a wrong one */
		*reg(0x00) |= 0x4000;
		*reg(0x20) |= 0x10;
	}
	if ((word & 0x800) && (*reg(0x38) & 1u << 10))
		*reg(0x20) |= 0x400;
	if (number == 12)
		be(IDLE);
	if (word & 0xc0)
		start_transfer(word);
}

/* At the end of several blocks it waits for more, until it is told. */
static void move(void)
{
	bool several = *reg(0x50) > 1;
	if (g_card.is_stuck || (*reg(0x34) & 0xf) < READING || !(g_model.looks++ % 2))
		return;
	if (g_card.fail_data) {
		g_card.fail_data--;
		*reg(0x20) |= 0x20;
		return;
	}
	if (g_model.is_read)
		g_model.fifo = (unsigned)(g_card.left < FIFO ? g_card.left : FIFO);
	else
		g_model.fifo = 0;
	if (!g_card.left && !g_model.fifo)
		be(several && g_model.is_read ? READ_WAIT : IDLE);
}

static uint32_t model_read(uintptr_t registers, unsigned offset)
{
	CHECK_EQ(registers, 0x1000);
	if (offset == 0x40) {
		CHECK(g_model.fifo);
		g_model.fifo--;
		return *card_model_word();
	}
	if (offset == 0x34) {
		move();
		return *reg(0x34) | g_model.fifo << 4;
	}
	return *reg(offset);
}

static void model_write(uintptr_t registers, unsigned offset, uint32_t value)
{
	CHECK_EQ(registers, 0x1000);
	if (offset == 0x40) {
		CHECK(g_model.fifo < FIFO);
		g_model.fifo++;
		*card_model_word() = value;
	} else if (offset == 0x20) {
		*reg(0x20) &= ~value;
	} else if (offset == 0x34) {
		g_model.forced_idle |= (value & 1u << 19) != 0;
		*reg(0x34) = value & ~(1u << 19 | 0x1f0);
		if (value & 1u << 19)
			be(IDLE);
	} else {
		*reg(offset) = value;
		g_model.was_on |= offset == 0x30 && value == 1;
		if (offset == 0x00 && value)
			command(value);
	}
}

const sd_host_user_t g_model_user = { model_read, model_write, card_model_now_ns };
