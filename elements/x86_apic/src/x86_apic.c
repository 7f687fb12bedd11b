/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the local APIC: Intel SDM volume 3A, chapter 11; the sections named here are its. */
#include <x86_apic/x86_apic.h>

/* Table 11-6. */
enum {
	REG_ID = 0x02,
	REG_TASK_PRIORITY = 0x08,
	REG_END_OF_INTERRUPT = 0x0b,
	REG_SPURIOUS = 0x0f,
	REG_COMMAND = 0x30,
	REG_COMMAND_HIGH = 0x31, /* xAPIC only */
	REG_LVT_TIMER = 0x32,
	REG_LVT_LINT0 = 0x35,
	REG_LVT_LINT1 = 0x36,
	REG_LVT_ERROR = 0x37,
	REG_INITIAL_COUNT = 0x38,
	REG_CURRENT_COUNT = 0x39,
	REG_DIVIDE = 0x3e,
};

#define SPURIOUS_ENABLE    (1u << 8)  /* 11.9 */
#define LVT_MASKED         (1u << 16) /* 11.5.1 */
#define TIMER_TSC_DEADLINE (2u << 17)
#define DIVIDE_BY_1        0xbu       /* 11.5.4 */

/* 11.6.1: the interrupt command register. */
#define COMMAND_NMI     (4u << 8)
#define COMMAND_INIT    (5u << 8)
#define COMMAND_STARTUP (6u << 8)
#define COMMAND_ASSERT  (1u << 14)
#define COMMAND_PENDING (1u << 12)

uint32_t x86_apic_window_read(uintptr_t base, unsigned register_number)
{
	return *(volatile uint32_t *)(base + 16 * register_number);
}

void x86_apic_window_write(uintptr_t base, unsigned register_number, uint64_t value)
{
	*(volatile uint32_t *)(base + 16 * register_number) = (uint32_t)value;
}

uint32_t x86_apic_msr_read([[maybe_unused]] uintptr_t base, unsigned register_number)
{
	uint32_t low, high;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0x800 + register_number));
	return low;
}

void x86_apic_msr_write([[maybe_unused]] uintptr_t base, unsigned register_number, uint64_t value)
{
	/* 11.12.3: these writes do not wait for earlier stores by themselves, and an interrupt must not pass its data. */
	if (register_number == REG_COMMAND)
		__asm__ volatile("mfence\n\tlfence" : : : "memory");
	__asm__ volatile("wrmsr" : : "c"(0x800 + register_number), "a"((uint32_t)value),
			 "d"((uint32_t)(value >> 32)) : "memory");
}

static void write(const x86_apic_t *self, unsigned register_number, uint64_t value)
{
	self->write(self->base, register_number, value);
}

void x86_apic_enable(const x86_apic_t *self, uint8_t spurious_vector)
{
	write(self, REG_LVT_TIMER, LVT_MASKED);
	write(self, REG_LVT_LINT0, LVT_MASKED);
	write(self, REG_LVT_LINT1, LVT_MASKED);
	write(self, REG_LVT_ERROR, LVT_MASKED);
	write(self, REG_TASK_PRIORITY, 0);
	write(self, REG_SPURIOUS, SPURIOUS_ENABLE | spurious_vector);
}

uint32_t x86_apic_id(const x86_apic_t *self)
{
	uint32_t id = self->read(self->base, REG_ID);
	return self->x2apic ? id : id >> 24;
}

void x86_apic_end_of_interrupt(const x86_apic_t *self)
{
	write(self, REG_END_OF_INTERRUPT, 0);
}

void x86_apic_timer_init_one_shot(const x86_apic_t *self, uint8_t vector)
{
	write(self, REG_DIVIDE, DIVIDE_BY_1);
	write(self, REG_LVT_TIMER, vector);
}

void x86_apic_timer_init_deadline(const x86_apic_t *self, uint8_t vector)
{
	write(self, REG_LVT_TIMER, TIMER_TSC_DEADLINE | vector);
	/* 11.5.4.1: order the mode against the first deadline, which is an MSR. */
	__asm__ volatile("mfence" : : : "memory");
}

void x86_apic_timer_start(const x86_apic_t *self, uint32_t count)
{
	write(self, REG_INITIAL_COUNT, count);
}

uint32_t x86_apic_timer_count(const x86_apic_t *self)
{
	return self->read(self->base, REG_CURRENT_COUNT);
}

static void send_command(const x86_apic_t *self, uint32_t id, uint32_t command)
{
	if (self->x2apic) {
		write(self, REG_COMMAND, (uint64_t)id << 32 | command);
		return;
	}
	write(self, REG_COMMAND_HIGH, id << 24);
	write(self, REG_COMMAND, command);
	while (self->read(self->base, REG_COMMAND) & COMMAND_PENDING)
		__builtin_ia32_pause();
}

void x86_apic_send(const x86_apic_t *self, uint32_t id, uint8_t vector)
{
	send_command(self, id, COMMAND_ASSERT | vector);
}

void x86_apic_send_nmi(const x86_apic_t *self, uint32_t id)
{
	send_command(self, id, COMMAND_ASSERT | COMMAND_NMI);
}

void x86_apic_send_init(const x86_apic_t *self, uint32_t id)
{
	send_command(self, id, COMMAND_ASSERT | COMMAND_INIT);
}

void x86_apic_send_startup(const x86_apic_t *self, uint32_t id, uint8_t page)
{
	send_command(self, id, COMMAND_ASSERT | COMMAND_STARTUP | page);
}
