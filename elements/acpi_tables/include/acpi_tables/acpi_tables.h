/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static ACPI tables: the root pointer, a table by its signature, and the processors of the MADT (Advanced Configuration
 * and Power Interface Specification 6.5, sections 5.2.5 to 5.2.8 and 5.2.12). No AML.
 *
 * What lies in memory is not trusted: every length is checked against what the user's view shows, checksums too, and
 * every loop ends after a number of steps that no table can raise. No state, no lock; any context in which the view works.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** The user's: shows @p bytes bytes of physical memory from @p paddr on, or returns NULL. The view stays as long as a
 *  table in it is used. Addresses may be anything. */
typedef const void *acpi_view_t(uint64_t paddr, size_t bytes);

/** A table whose length and checksum are right; points into the view. */
typedef struct acpi_table {
	const uint8_t *data; /* from its header on */
	size_t size_bytes;
} acpi_table_t;

/** Look for the root pointer where a PC's BIOS leaves it (5.2.5.1). @return its physical address; 0 if there is none */
uint64_t acpi_find_root(acpi_view_t *view);

/**
 * Find the first good table of a kind.
 * @param root_paddr  of the root pointer (RSDP)
 * @param signature   4 characters, such as "APIC"
 * @retval AX_ERR_NOT_FOUND      the system has no such table, or only spoilt ones
 * @retval AX_ERR_INVALID_INPUT  there is no good root pointer at @p root_paddr, or no good list of tables behind it
 */
ax_err_t acpi_find_table(acpi_view_t *view, uint64_t root_paddr, const char signature[4], acpi_table_t *table);

/**
 * The processors that may be used, by the identifiers of their local APICs, each once, in the order of the MADT (its
 * signature is "APIC").
 * @param apic_ids  for the first @p capacity of them
 * @return how many were stored
 */
size_t acpi_madt_processors(const acpi_table_t *madt, uint32_t *apic_ids, size_t capacity);

#pragma GCC visibility pop
