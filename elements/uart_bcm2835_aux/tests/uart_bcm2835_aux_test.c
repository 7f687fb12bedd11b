/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <uart_bcm2835_aux/uart_bcm2835_aux.h>

static struct model {
	uint8_t registers[UART_BCM2835_AUX_REGISTERS];
	bool received;
} s_model;

static uint8_t model_read(uintptr_t base, unsigned number)
{
	struct model *model = (struct model *)base;
	CHECK(number < UART_BCM2835_AUX_REGISTERS);
	if (number == 0)
		model->received = false;
	return number == 0 ? 'x' : number == 5 ? 0x60 | model->received : model->registers[number];
}

static void model_write(uintptr_t base, unsigned number, uint8_t value)
{
	CHECK(number < UART_BCM2835_AUX_REGISTERS);
	((struct model *)base)->registers[number] = value;
}

static const uart_16550_t s_uart = { (uintptr_t)&s_model, model_read, model_write };

TEST(uart_bcm2835_aux_init_turns_both_ways_on_and_interrupts_off)
{
	s_model = (struct model){ .registers = { [1] = 1 } };
	CHECK_EQ(uart_bcm2835_aux_init(&s_uart), -1);
	CHECK_EQ(s_model.registers[8], 3);
	CHECK_EQ(s_model.registers[1], 0);
	CHECK_EQ(s_model.registers[3] & 3, 3); /* 8 bits: both, says the errata */
}

TEST(uart_bcm2835_aux_init_keeps_the_byte_that_came_before)
{
	s_model = (struct model){ .received = true };
	CHECK_EQ(uart_bcm2835_aux_init(&s_uart), 'x');
}
