/* SPDX-License-Identifier: Apache-2.0 */
/* See bcm2836_irq.h. */
#include <bcm2836_irq/bcm2836_irq.h>

/* QA7, sections 4.2, 4.6, 4.7, 4.8, 4.10; a register for each core */
enum {
	PERIPHERALS_ROUTING = 0x0c, /* 0: interrupts and fast ones to core 0 */
	TIMERS = 0x40,              /* bit 3: the virtual timer's interrupt */
	MAILBOXES = 0x50,           /* a bit each; bits 4 on: as fast interrupt */
	SOURCE = 0x60,
	MAILBOX_SET = 0x80,         /* 16 bytes a core, 4 a mailbox */
	MAILBOX_CLEAR = 0xc0,       /* read, and write ones to clear */
};

/* BCM2835 ARM Peripherals, section 7.5, from 0x200 on */
enum {
	PENDING_1 = 0x04,
	PENDING_2 = 0x08,
	ENABLE_1 = 0x10,
	DISABLE_1 = 0x1c,
	DISABLE_2 = 0x20,
	DISABLE_BASIC = 0x24,
};

static uint32_t read_at(uintptr_t address)
{
	return *(const volatile uint32_t *)address;
}

static void write_at(uintptr_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

void bcm2836_irq_init(const bcm2836_irq_t *self)
{
	write_at(self->peripherals + DISABLE_1, UINT32_MAX);
	write_at(self->peripherals + DISABLE_2, UINT32_MAX);
	write_at(self->peripherals + DISABLE_BASIC, UINT32_MAX);
	write_at(self->local + PERIPHERALS_ROUTING, 0);
}

void bcm2836_irq_init_core(const bcm2836_irq_t *self, unsigned core, unsigned mailboxes, unsigned fast_mailboxes)
{
	for (unsigned mailbox = 0; mailbox < BCM2836_IRQ_MAILBOXES; mailbox++)
		(void)bcm2836_irq_take(self, core, mailbox);
	write_at(self->local + TIMERS + 4 * core, BCM2836_IRQ_VIRTUAL_TIMER);
	write_at(self->local + MAILBOXES + 4 * core, mailboxes | fast_mailboxes << 4);
}

void bcm2836_irq_enable(const bcm2836_irq_t *self, unsigned line)
{
	write_at(self->peripherals + ENABLE_1 + 4 * (line / 32), 1u << line % 32);
}

uint32_t bcm2836_irq_pending(const bcm2836_irq_t *self, unsigned core)
{
	return read_at(self->local + SOURCE + 4 * core);
}

unsigned bcm2836_irq_line(const bcm2836_irq_t *self)
{
	uint32_t low = read_at(self->peripherals + PENDING_1);
	if (low)
		return (unsigned)__builtin_ctz(low);
	uint32_t high = read_at(self->peripherals + PENDING_2);
	return high ? 32 + (unsigned)__builtin_ctz(high) : BCM2836_IRQ_LINES;
}

static uintptr_t mailbox_at(uintptr_t registers, unsigned core, unsigned mailbox)
{
	return registers + 16 * (uintptr_t)core + 4 * (uintptr_t)mailbox;
}

void bcm2836_irq_send(const bcm2836_irq_t *self, unsigned core, unsigned mailbox, uint32_t bits)
{
	write_at(mailbox_at(self->local + MAILBOX_SET, core, mailbox), bits);
}

uint32_t bcm2836_irq_take(const bcm2836_irq_t *self, unsigned core, unsigned mailbox)
{
	uintptr_t at = mailbox_at(self->local + MAILBOX_CLEAR, core, mailbox);
	uint32_t bits = read_at(at);
	write_at(at, bits);
	return bits;
}
