/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The local APIC of an x86 processor (Intel SDM volume 3A, chapter 11), as xAPIC or x2APIC: the same registers, in a
 * memory window or in MSRs. The registers are reached through two functions of the user's; the two kinds that
 * hardware has are here too. Each processor drives its own: no lock; mask interrupts where it says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct x86_apic {
	uintptr_t base; /* handed to the accessors: the xAPIC's window */
	bool x2apic;    /* the interrupt command register is one of 64 bits, identifiers have 32 bits */
	uint32_t (*read)(uintptr_t base, unsigned register_number); /* as in table 11-6: MSR address - 0x800 */
	void (*write)(uintptr_t base, unsigned register_number, uint64_t value);
} x86_apic_t;

/** Accessors of the xAPIC: register n is 16 x n bytes into the window. */
uint32_t x86_apic_window_read(uintptr_t base, unsigned register_number);
void x86_apic_window_write(uintptr_t base, unsigned register_number, uint64_t value);

/** Accessors of the x2APIC. @p base is not used. */
uint32_t x86_apic_msr_read(uintptr_t base, unsigned register_number);
void x86_apic_msr_write(uintptr_t base, unsigned register_number, uint64_t value);

/** Accept interrupts of every priority; local sources masked. Spurious ones come as @p spurious_vector, without
 *  end-of-interrupt. Interrupts masked. */
void x86_apic_enable(const x86_apic_t *self, uint8_t spurious_vector);

/** This processor's identifier. */
uint32_t x86_apic_id(const x86_apic_t *self);

/** The interrupt in service is dealt with. */
void x86_apic_end_of_interrupt(const x86_apic_t *self);

/** The timer counts down once from what x86_apic_timer_start() says, then raises @p vector. */
void x86_apic_timer_init_one_shot(const x86_apic_t *self, uint8_t vector);

/** The timer raises @p vector when the cycle counter reaches MSR IA32_TSC_DEADLINE (CPUID.1:ECX bit 24). */
void x86_apic_timer_init_deadline(const x86_apic_t *self, uint8_t vector);

/** Count down from @p count; 0 stops the timer. */
void x86_apic_timer_start(const x86_apic_t *self, uint32_t count);

/** What is left to count. */
uint32_t x86_apic_timer_count(const x86_apic_t *self);

/** Raise @p vector on the processor @p id. Waits until it is sent. Interrupts masked. */
void x86_apic_send(const x86_apic_t *self, uint32_t id, uint8_t vector);

/** Raise the non-maskable interrupt there. Otherwise as x86_apic_send(). */
void x86_apic_send_nmi(const x86_apic_t *self, uint32_t id);

/** Reset the processor @p id and leave it waiting for x86_apic_send_startup() (section 9.4.4.1). */
void x86_apic_send_init(const x86_apic_t *self, uint32_t id);

/** Start it in real mode at @p page x 4096, below 1 MiB. */
void x86_apic_send_startup(const x86_apic_t *self, uint32_t id, uint8_t page);

#pragma GCC visibility pop
