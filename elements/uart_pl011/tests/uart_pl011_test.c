/* SPDX-License-Identifier: Apache-2.0 */
/* A model of the UART behind the accessors: a 32-byte transmit FIFO that drains on the second look, a receive queue. */
#include <axtest.h>
#include <uart_pl011/uart_pl011.h>

static struct model {
	uint32_t registers[0x50 / 4];
	char sent[128];
	size_t sent_bytes, fifo_bytes, looks;
	bool overrun, written_while_on;
	const char *input;
} s_model;

static uint32_t model_read(uintptr_t base, unsigned offset)
{
	struct model *model = (struct model *)base;
	if (offset == 0x00)
		return (uint8_t)*model->input++ | 0x100; /* a framing error's bit, which is no part of the byte */
	if (offset != 0x18)
		return model->registers[offset / 4];
	if (model->looks++ % 2)
		model->fifo_bytes = 0;
	return (*model->input ? 0 : 1u << 4) | (model->fifo_bytes >= 32 ? 1u << 5 : 0);
}

static void model_write(uintptr_t base, unsigned offset, uint32_t value)
{
	struct model *model = (struct model *)base;
	if (offset == 0x2c)
		model->written_while_on |= model->registers[0x30 / 4] & 1;
	if (offset == 0x2c && (model->registers[0x2c / 4] ^ value) & 0x10)
		model->input = ""; /* the FIFO that is turned on or off is emptied */
	model->registers[offset / 4] = value;
	if (offset == 0x00) {
		model->overrun |= ++model->fifo_bytes > 32;
		model->sent[model->sent_bytes++] = (char)value;
	}
}

static const uart_pl011_t s_uart = { (uintptr_t)&s_model, model_read, model_write };

static void reset(const char *input)
{
	s_model = (struct model){ .input = input };
	s_model.registers[0x30 / 4] = 0x301;
}

TEST(uart_pl011_init_turns_fifos_and_both_ways_on_and_interrupts_off)
{
	reset("");
	uart_pl011_init(&s_uart);
	CHECK_EQ(s_model.registers[0x2c / 4], 0x70);
	CHECK_EQ(s_model.registers[0x30 / 4], 0x301);
	CHECK_EQ(s_model.registers[0x38 / 4], 0);
	CHECK(!s_model.written_while_on);
}

TEST(uart_pl011_init_loses_nothing_that_came_before)
{
	static const uint32_t fifos[] = { 0, 0x10 };
	for (size_t i = 0; i < 2; i++) {
		reset("xy");
		s_model.registers[0x2c / 4] = fifos[i];
		uart_pl011_init(&s_uart);
		char buffer[2] = { 0 };
		CHECK_EQ(uart_pl011_read(&s_uart, buffer, sizeof buffer), 2);
		CHECK_EQ(buffer[0], 'x');
		CHECK_EQ(buffer[1], 'y');
		CHECK_EQ(s_model.registers[0x2c / 4], 0x60 | fifos[i]);
		CHECK_EQ(s_model.registers[0x30 / 4], 0x301);
	}
}

TEST(uart_pl011_write_sends_all_and_never_overruns)
{
	reset("");
	char text[100];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)('!' + i % 90);
	uart_pl011_write(&s_uart, text, sizeof text);
	CHECK_EQ(s_model.sent_bytes, sizeof text);
	CHECK(!s_model.overrun);
	for (size_t i = 0; i < sizeof text; i++)
		CHECK_EQ(s_model.sent[i], text[i]);
}

TEST(uart_pl011_read_takes_what_is_there_and_no_more_than_asked)
{
	reset("abcde");
	char buffer[8];
	CHECK_EQ(uart_pl011_read(&s_uart, buffer, 3), 3);
	CHECK_EQ(buffer[2], 'c');
	CHECK_EQ(uart_pl011_read(&s_uart, buffer, sizeof buffer), 2);
	CHECK_EQ(uart_pl011_read(&s_uart, buffer, sizeof buffer), 0);
}

TEST(uart_pl011_receive_interrupt_is_by_level_and_by_rest)
{
	reset("");
	uart_pl011_enable_receive_interrupt(&s_uart);
	CHECK_EQ(s_model.registers[0x38 / 4], 0x50);
	uart_pl011_clear_interrupt(&s_uart);
	CHECK_EQ(s_model.registers[0x44 / 4], 0x50);
}
