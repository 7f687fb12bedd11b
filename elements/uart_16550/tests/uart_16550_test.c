/* SPDX-License-Identifier: Apache-2.0 */
/* A model of the UART behind the accessors: a 16-byte transmit FIFO that drains on the second look, a receive queue. */
#include <axtest.h>
#include <uart_16550/uart_16550.h>

static struct model {
	uint8_t registers[8];
	uint8_t divisor[2];
	char sent[128];
	size_t sent_bytes, fifo_bytes, busy_looks;
	bool overrun, was_off_line;
	const char *input;
} s_model;

static uint8_t model_read(uintptr_t base, unsigned number)
{
	struct model *model = (struct model *)base;
	if (number == 0)
		return (uint8_t)*model->input++;
	if (number == 2)
		return model->registers[2] & 1 ? 0xc1 : 0x01;
	if (number != 5)
		return model->registers[number];
	if (model->fifo_bytes && model->busy_looks++ % 2)
		model->fifo_bytes = 0;
	return (model->fifo_bytes ? 0 : 0x20) | (model->input && *model->input ? 1 : 0);
}

static void model_write(uintptr_t base, unsigned number, uint8_t value)
{
	struct model *model = (struct model *)base;
	bool latch = model->registers[3] & 0x80;
	if (number < 2 && latch) {
		model->divisor[number] = value;
	} else if (number == 0) {
		model->overrun |= ++model->fifo_bytes > 16;
		model->sent[model->sent_bytes++] = (char)value;
	} else {
		if (number == 2 && (value ^ model->registers[2]) & 1)
			model->input = "";
		model->was_off_line |= number == 4 && value & 0x10;
		model->registers[number] = value;
	}
}

static const uart_16550_t s_uart = { (uintptr_t)&s_model, model_read, model_write };

static void reset(void)
{
	s_model = (struct model){ .input = "" };
}

TEST(uart_16550_init_sets_the_rate_and_leaves_the_divisor_latch)
{
	reset();
	uart_16550_init(&s_uart, 0x0102);
	CHECK_EQ(s_model.divisor[0], 2);
	CHECK_EQ(s_model.divisor[1], 1);
	CHECK_EQ(s_model.registers[3], 0x03);
	CHECK_EQ(s_model.registers[1], 0);
	CHECK_EQ(s_model.registers[2] & 1, 1);
}

TEST(uart_16550_init_keeps_the_rate_when_asked)
{
	reset();
	s_model.divisor[0] = 7;
	uart_16550_init(&s_uart, 0);
	CHECK_EQ(s_model.divisor[0], 7);
}

TEST(uart_16550_init_loses_no_byte_that_came_before)
{
	reset();
	CHECK_EQ(uart_16550_init(&s_uart, 1), -1);
	reset();
	s_model.input = "x";
	CHECK_EQ(uart_16550_init(&s_uart, 1), 'x');
}

TEST(uart_16550_init_leaves_alone_what_is_in_fifos_that_are_on)
{
	reset();
	uart_16550_init(&s_uart, 1);
	CHECK(s_model.was_off_line);
	s_model.was_off_line = false;
	s_model.input = "abc";
	char text[4] = "";
	CHECK_EQ(uart_16550_init(&s_uart, 1), -1);
	CHECK(!s_model.was_off_line);
	CHECK_EQ(uart_16550_read(&s_uart, text, sizeof text), 3);
	CHECK_STR(text, "abc");
}

TEST(uart_16550_write_never_overruns_the_fifo)
{
	reset();
	const char text[] = "a line that is longer than the sixteen bytes of one FIFO, and then some";
	uart_16550_write(&s_uart, text, sizeof text - 1);
	CHECK(!s_model.overrun);
	CHECK_STR(s_model.sent, text);
	uart_16550_write(&s_uart, "0123456789", 10);
	uart_16550_write(&s_uart, "0123456789", 10);
	CHECK(!s_model.overrun);
}

TEST(uart_16550_read_takes_what_is_there_and_no_more_than_fits)
{
	reset();
	char buffer[4];
	CHECK_EQ(uart_16550_read(&s_uart, buffer, sizeof buffer), 0);
	s_model.input = "hello";
	CHECK_EQ(uart_16550_read(&s_uart, buffer, sizeof buffer), 4);
	CHECK(memcmp(buffer, "hell", 4) == 0);
	CHECK_EQ(uart_16550_read(&s_uart, buffer, sizeof buffer), 1);
	CHECK_EQ(buffer[0], 'o');
}

TEST(uart_16550_receive_interrupt_is_off_until_enabled)
{
	reset();
	uart_16550_init(&s_uart, 1);
	CHECK_EQ(s_model.registers[1], 0);
	uart_16550_enable_receive_interrupt(&s_uart);
	CHECK_EQ(s_model.registers[1], 1);
	CHECK(s_model.registers[4] & 0x08);
	uart_16550_disable_receive_interrupt(&s_uart);
	CHECK_EQ(s_model.registers[1], 0);
}
