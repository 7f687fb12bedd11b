/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The I/O APIC (Intel 82093AA datasheet, May 1996): each input line has a redirection entry that says which vector it
 * raises on which processor. Registers lie behind an index and a data word, reached through the user's accessors.
 * No lock: the user serializes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct x86_ioapic {
	uintptr_t base; /* handed to the accessors */
	uint32_t (*read)(uintptr_t base, unsigned offset);              /* offset in bytes: 0 index, 16 data */
	void (*write)(uintptr_t base, unsigned offset, uint32_t value);
} x86_ioapic_t;

/** Accessors of the hardware's window at @p base, mapped uncached. */
uint32_t x86_ioapic_window_read(uintptr_t base, unsigned offset);
void x86_ioapic_window_write(uintptr_t base, unsigned offset, uint32_t value);

/** Input lines, up to 240. */
unsigned x86_ioapic_lines(const x86_ioapic_t *self);

/** Mask every line. */
void x86_ioapic_mask_all(const x86_ioapic_t *self);

/** How a line's device asserts it. */
typedef struct x86_ioapic_trigger {
	bool level;      /* else edge */
	bool active_low; /* else high */
} x86_ioapic_trigger_t;

/** From now on @p line raises @p vector on the processor with local APIC @p apic_id (8 bits); unmasked. */
void x86_ioapic_route(const x86_ioapic_t *self, unsigned line, uint8_t vector, uint8_t apic_id,
		      x86_ioapic_trigger_t trigger);

/** Mask or unmask a routed line. */
void x86_ioapic_set_mask(const x86_ioapic_t *self, unsigned line, bool masked);

#pragma GCC visibility pop
