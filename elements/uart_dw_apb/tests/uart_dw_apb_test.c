/* SPDX-License-Identifier: Apache-2.0 */
/* Fake registers: the port is busy for as many looks at its status as the test says, and then ignores the line control. */
#include <axtest.h>
#include <uart_dw_apb/uart_dw_apb.h>

enum { INTERRUPT_ID = 2, LINE_CONTROL = 3, LINE_STATUS = 5, STATUS = 31 };

static struct model {
	uint8_t registers[UART_DW_APB_REGISTERS];
	unsigned busy_looks;   /* at the status: so long it is busy */
	unsigned busy_again;   /* writes of the line control that find it busy although it has just been idle */
	unsigned status_reads;
	bool busy_interrupt, received;
} s_model;

static uint8_t model_read(uintptr_t base, unsigned number)
{
	struct model *model = (struct model *)base;
	switch (number) {
	case STATUS:
		model->busy_interrupt = false;
		model->status_reads++;
		return model->busy_looks ? (model->busy_looks--, 1) : 0;
	case INTERRUPT_ID:
		return (model->registers[2] & 1 ? 0xc0 : 0) | (model->busy_interrupt ? 0x07 : 0x01); /* [2]: FIFO control */
	case LINE_STATUS:
		return 0x60 | model->received;
	case 0:
		model->received = false;
		return 'x';
	default:
		return model->registers[number];
	}
}

static void model_write(uintptr_t base, unsigned number, uint8_t value)
{
	struct model *model = (struct model *)base;
	if (number == LINE_CONTROL && (model->busy_looks || model->busy_again)) {
		model->busy_interrupt = true;
		model->busy_again -= model->busy_again != 0;
		return;
	}
	model->registers[number] = value;
}

static const uart_16550_t s_uart = { (uintptr_t)&s_model, model_read, model_write };

TEST(init_waits_until_the_port_is_idle)
{
	int early;
	s_model = (struct model){ .busy_looks = 3 };
	CHECK(uart_dw_apb_init(&s_uart, 0, &early));
	CHECK_EQ(s_model.registers[LINE_CONTROL], 3);
	CHECK_EQ(early, -1);
	CHECK(!s_model.busy_interrupt);
}

TEST(a_line_control_that_was_ignored_is_written_again)
{
	int early;
	s_model = (struct model){ .busy_again = 2, .received = true };
	CHECK(uart_dw_apb_init(&s_uart, 0, &early));
	CHECK_EQ(s_model.registers[LINE_CONTROL], 3);
	CHECK_EQ(early, 'x');
	CHECK(!s_model.busy_interrupt);
}

TEST(a_port_that_stays_busy_is_told)
{
	int early;
	s_model = (struct model){ .busy_looks = UINT32_MAX };
	CHECK(!uart_dw_apb_init(&s_uart, 0, &early));
	CHECK_EQ(s_model.registers[LINE_CONTROL], 0);
	s_model = (struct model){ .busy_again = 1000 };
	CHECK(!uart_dw_apb_init(&s_uart, 0, &early));
}

TEST(the_interrupt_of_the_busy_state_is_acknowledged_and_no_other)
{
	s_model = (struct model){ .busy_interrupt = true };
	uart_dw_apb_acknowledge(&s_uart);
	CHECK(!s_model.busy_interrupt);
	CHECK_EQ(s_model.status_reads, 1);
	uart_dw_apb_acknowledge(&s_uart);
	CHECK_EQ(s_model.status_reads, 1);
}
