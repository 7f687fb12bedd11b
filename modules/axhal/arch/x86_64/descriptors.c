/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptor tables (Intel SDM volume 3A: 3.4.5 segments, 6.14 IDT and interrupt stack table, 7.7 task state). Flat
 * segments; each CPU has a task state whose only use is a stack for double faults: what a stack overflow becomes when the
 * processor cannot push the page fault's frame. Page faults themselves stay on the stack that they interrupted.
 */
#include <axconfig/axconfig.h>
#include <stddef.h>
#include "descriptors.h"
#include "registers.h"

#define VECTOR_NMI           2u
#define VECTOR_DOUBLE_FAULT  8u
#define VECTOR_MACHINE_CHECK 18u
#define VECTORS              128u

#define GATE_INTERRUPT 0x8e00u /* present, ring 0, 64-bit interrupt gate: masks interrupts */

#define FAULT_STACK_BYTES 4096u

struct gate {
	uint16_t offset_low, selector;
	uint16_t ist_type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
};

struct [[gnu::packed]] task_state {
	uint32_t reserved0;
	uint64_t rsp[3], reserved1, ist[7], reserved2;
	uint16_t reserved3, io_map_base;
};
_Static_assert(sizeof(struct task_state) == 104, "the size that the processor expects");

struct [[gnu::packed]] table_pointer {
	uint16_t limit;
	uint64_t base;
};

/* Null, 64-bit code, data, and two for each CPU's task state. The processor marks that one busy: writable. */
uint64_t axhal_gdt[3 + 2 * AX_CONFIG_MAX_CPUS] = { 0, 0x00af9b000000ffff, 0x00cf93000000ffff };
static struct gate s_idt[VECTORS];
static struct task_state s_task_state[AX_CONFIG_MAX_CPUS];
static _Alignas(16) char s_fault_stack[AX_CONFIG_MAX_CPUS][FAULT_STACK_BYTES];

static void load_task_state(unsigned cpu)
{
	struct task_state *state = &s_task_state[cpu];
	uint64_t base = (uintptr_t)state, *descriptor = &axhal_gdt[3 + 2 * cpu];
	state->ist[0] = (uintptr_t)s_fault_stack[cpu] + FAULT_STACK_BYTES;
	state->io_map_base = sizeof *state;
	descriptor[0] = (sizeof *state - 1) | (base & 0xffffff) << 16 | UINT64_C(0x89) << 40 | (base >> 24 & 0xff) << 56;
	descriptor[1] = base >> 32;
	struct table_pointer gdt = { sizeof axhal_gdt - 1, (uintptr_t)axhal_gdt };
	unsigned selector = SELECTOR_TSS + cpu * 2 * (unsigned)sizeof *descriptor;
	__asm__ volatile("lgdt %0\n\tltr %w1" : : "m"(gdt), "r"(selector) : "memory");
}

void axhal_set_vectors(unsigned first, unsigned count, const char *entries)
{
	for (unsigned i = 0; i < count; i++, entries += TRAP_ENTRY_BYTES) {
		s_idt[first + i] = (struct gate){
			.offset_low = (uint16_t)(uintptr_t)entries,
			.selector = SELECTOR_CODE,
			.ist_type = GATE_INTERRUPT,
			.offset_middle = (uint16_t)((uintptr_t)entries >> 16),
			.offset_high = (uint32_t)((uintptr_t)entries >> 32),
		};
	}
}

void axhal_trap_init(void)
{
	extern const char axhal_trap_entries[];
	axhal_set_vectors(0, TRAP_EXCEPTIONS, axhal_trap_entries);
	s_idt[VECTOR_DOUBLE_FAULT].ist_type |= 1;
	s_idt[VECTOR_NMI].ist_type |= 1;
	s_idt[VECTOR_MACHINE_CHECK].ist_type |= 1;
	axhal_trap_init_cpu(0);
}

void axhal_trap_init_cpu(unsigned cpu)
{
	load_task_state(cpu);
	struct table_pointer idt = { sizeof s_idt - 1, (uintptr_t)s_idt };
	__asm__ volatile("lidt %0" : : "m"(idt) : "memory");
}
