/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the I/O APIC: Intel 82093AA datasheet, section 3. */
#include <x86_ioapic/x86_ioapic.h>

/* 3.1: the window. */
#define OFFSET_INDEX 0x00u
#define OFFSET_DATA  0x10u

/* 3.2: indexed registers; a redirection entry is two of them. */
#define REG_VERSION           0x01u
#define REG_REDIRECTION(line) (0x10u + 2 * (line))

/* 3.2.4 */
#define ENTRY_ACTIVE_LOW (1u << 13)
#define ENTRY_LEVEL      (1u << 15)
#define ENTRY_MASKED     (1u << 16)

uint32_t x86_ioapic_window_read(uintptr_t base, unsigned offset)
{
	return *(volatile uint32_t *)(base + offset);
}

void x86_ioapic_window_write(uintptr_t base, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(base + offset) = value;
}

static uint32_t read(const x86_ioapic_t *self, unsigned register_number)
{
	self->write(self->base, OFFSET_INDEX, register_number);
	return self->read(self->base, OFFSET_DATA);
}

static void write(const x86_ioapic_t *self, unsigned register_number, uint32_t value)
{
	self->write(self->base, OFFSET_INDEX, register_number);
	self->write(self->base, OFFSET_DATA, value);
}

unsigned x86_ioapic_lines(const x86_ioapic_t *self)
{
	return (read(self, REG_VERSION) >> 16 & 0xff) + 1;
}

void x86_ioapic_mask_all(const x86_ioapic_t *self)
{
	unsigned lines = x86_ioapic_lines(self);
	for (unsigned line = 0; line < lines; line++)
		write(self, REG_REDIRECTION(line), ENTRY_MASKED);
}

void x86_ioapic_route(const x86_ioapic_t *self, unsigned line, uint8_t vector, uint8_t apic_id,
		      x86_ioapic_trigger_t trigger)
{
	/* The half with the mask last: no interrupt sees half an entry. */
	write(self, REG_REDIRECTION(line), ENTRY_MASKED);
	write(self, REG_REDIRECTION(line) + 1, (uint32_t)apic_id << 24);
	write(self, REG_REDIRECTION(line), (trigger.level ? ENTRY_LEVEL : 0) |
						   (trigger.active_low ? ENTRY_ACTIVE_LOW : 0) | vector);
}

void x86_ioapic_set_mask(const x86_ioapic_t *self, unsigned line, bool masked)
{
	uint32_t entry = read(self, REG_REDIRECTION(line));
	write(self, REG_REDIRECTION(line), masked ? entry | ENTRY_MASKED : entry & ~ENTRY_MASKED);
}
