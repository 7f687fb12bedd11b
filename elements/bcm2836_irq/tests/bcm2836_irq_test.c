/* SPDX-License-Identifier: Apache-2.0 */
/* Registers as an array: what is written where, and what is made of what is read. */
#include <axtest.h>
#include <bcm2836_irq/bcm2836_irq.h>
#include <string.h>

static uint32_t s_local[0x100 / 4], s_peripherals[0x200 / 4];
static const bcm2836_irq_t s_irq = { (uintptr_t)s_local, (uintptr_t)s_peripherals };

static void reset(void)
{
	memset(s_local, 0xee, sizeof s_local);
	memset(s_peripherals, 0, sizeof s_peripherals);
}

TEST(init_turns_all_lines_off_and_sends_them_to_core_0)
{
	reset();
	bcm2836_irq_init(&s_irq);
	CHECK_EQ(s_peripherals[0x1c / 4], UINT32_MAX);
	CHECK_EQ(s_peripherals[0x20 / 4], UINT32_MAX);
	CHECK_EQ(s_peripherals[0x24 / 4], UINT32_MAX);
	CHECK_EQ(s_local[0x0c / 4], 0);
}

TEST(a_core_has_its_virtual_timer_and_the_mailboxes_that_are_asked_for)
{
	reset();
	bcm2836_irq_init_core(&s_irq, 2, 1, 2);
	CHECK_EQ(s_local[0x48 / 4], 8);
	CHECK_EQ(s_local[0x58 / 4], 0x21);
	CHECK_EQ(s_local[0x44 / 4], 0xeeeeeeee);
}

TEST(lines_are_enabled_and_found_in_two_registers)
{
	reset();
	bcm2836_irq_enable(&s_irq, 3);
	bcm2836_irq_enable(&s_irq, 57);
	CHECK_EQ(s_peripherals[0x10 / 4], 1u << 3);
	CHECK_EQ(s_peripherals[0x14 / 4], 1u << 25);
	CHECK_EQ(bcm2836_irq_line(&s_irq), BCM2836_IRQ_LINES);
	s_peripherals[0x08 / 4] = 1u << 25;
	CHECK_EQ(bcm2836_irq_line(&s_irq), 57);
	s_peripherals[0x04 / 4] = 1u << 3 | 1u << 9;
	CHECK_EQ(bcm2836_irq_line(&s_irq), 3);
}

TEST(a_mailbox_is_the_cores_own)
{
	reset();
	bcm2836_irq_send(&s_irq, 3, 1, 6);
	CHECK_EQ(s_local[(0x80 + 0x30 + 4) / 4], 6);
	s_local[(0xc0 + 0x30 + 4) / 4] = 5;
	CHECK_EQ(bcm2836_irq_take(&s_irq, 3, 1), 5);
	s_local[0x6c / 4] = BCM2836_IRQ_MAILBOX(1);
	CHECK_EQ(bcm2836_irq_pending(&s_irq, 3), 0x20);
}
