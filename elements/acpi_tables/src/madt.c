/* SPDX-License-Identifier: Apache-2.0 */
/* The Multiple APIC Description Table: ACPI 6.5, section 5.2.12. */
#include <acpi_tables/acpi_tables.h>
#include <stdbool.h>
#include "bytes.h"

/* Structures follow the header, the local APICs' address and flags; each begins with its type and its length. */
#define MADT_FIRST_STRUCTURE (TABLE_HEADER_BYTES + 8u)
#define STRUCTURE_BYTES      2u

enum { LOCAL_APIC = 0, LOCAL_X2APIC = 9 };

/* 5.2.12.2 and 5.2.12.12 */
enum {
	LOCAL_APIC_ID = 3,
	LOCAL_APIC_FLAGS = 4,
	LOCAL_APIC_BYTES = 8,
	LOCAL_X2APIC_ID = 4,
	LOCAL_X2APIC_FLAGS = 8,
	LOCAL_X2APIC_BYTES = 16,
};

#define FLAG_ENABLED 1u

/* All ones name every processor: Intel SDM volume 3A, sections 11.6.2.1 and 11.12.9. */
#define NO_APIC_ID   0xffu
#define NO_X2APIC_ID 0xffffffffu

/* The identifier in a structure of an enabled processor. */
static bool processor_in(const uint8_t *structure, size_t length, uint32_t *id)
{
	if (structure[0] == LOCAL_APIC && length >= LOCAL_APIC_BYTES) {
		*id = structure[LOCAL_APIC_ID];
		return *id != NO_APIC_ID && (read32(structure + LOCAL_APIC_FLAGS) & FLAG_ENABLED);
	}
	if (structure[0] == LOCAL_X2APIC && length >= LOCAL_X2APIC_BYTES) {
		*id = read32(structure + LOCAL_X2APIC_ID);
		return *id != NO_X2APIC_ID && (read32(structure + LOCAL_X2APIC_FLAGS) & FLAG_ENABLED);
	}
	return false;
}

static bool holds(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

size_t acpi_madt_processors(const acpi_table_t *madt, uint32_t *apic_ids, size_t capacity)
{
	size_t count = 0, length;
	for (size_t at = MADT_FIRST_STRUCTURE; at + STRUCTURE_BYTES <= madt->size_bytes && count < capacity; at += length) {
		const uint8_t *structure = madt->data + at;
		uint32_t id;
		length = structure[1];
		if (length < STRUCTURE_BYTES || length > madt->size_bytes - at)
			break; /* what follows cannot be told */
		if (processor_in(structure, length, &id) && !holds(apic_ids, count, id))
			apic_ids[count++] = id;
	}
	return count;
}
