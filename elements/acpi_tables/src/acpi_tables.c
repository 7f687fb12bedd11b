/* SPDX-License-Identifier: Apache-2.0 */
/* Root pointer (ACPI 6.5, section 5.2.5), header (5.2.6), RSDT and XSDT (5.2.7, 5.2.8). */
#include <acpi_tables/acpi_tables.h>
#include <stdbool.h>
#include "bytes.h"

/* 5.2.5.3: the root pointer, whose second version is longer and has a second checksum over all of it. */
enum {
	ROOT_REVISION = 15,
	ROOT_RSDT = 16,
	ROOT_FIRST_BYTES = 20,
	ROOT_LENGTH = 20,
	ROOT_XSDT = 24,
	ROOT_BYTES = 36,
	ROOT_STEP = 16, /* it is aligned so */
};

/* 5.2.5.1; the word is in the BIOS's data: its extended area as a real-mode segment. */
#define EXTENDED_AREA_WORD  0x40eu
#define EXTENDED_AREA_BYTES 0x400u
#define BIOS_PADDR          0xe0000u
#define BIOS_BYTES          0x20000u

enum { HEADER_LENGTH = 4 };

#define MOST_TABLE_BYTES 0x100000u /* a longer table is taken for spoilt: its checksum alone would cost time */

static bool equal(const uint8_t *bytes, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != (uint8_t)text[i])
			return false;
	}
	return true;
}

static bool sum_is_zero(const uint8_t *bytes, size_t length)
{
	uint8_t sum = 0;
	for (size_t i = 0; i < length; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

static bool is_root(const uint8_t *root)
{
	return equal(root, "RSD PTR ", 8) && sum_is_zero(root, ROOT_FIRST_BYTES);
}

/* 0: not in these bytes. */
static uint64_t find_root_in(acpi_view_t *view, uint64_t paddr, size_t bytes)
{
	const uint8_t *area = view(paddr, bytes);
	for (size_t i = 0; area && i + ROOT_FIRST_BYTES <= bytes; i += ROOT_STEP) {
		if (is_root(area + i))
			return paddr + i;
	}
	return 0;
}

uint64_t acpi_find_root(acpi_view_t *view)
{
	const uint8_t *word = view(EXTENDED_AREA_WORD, 2);
	uint64_t extended_paddr = word ? (uint64_t)read16(word) << 4 : 0;
	uint64_t root = extended_paddr ? find_root_in(view, extended_paddr, EXTENDED_AREA_BYTES) : 0;
	return root ? root : find_root_in(view, BIOS_PADDR, BIOS_BYTES);
}

/* The table at @p paddr, if it is a good one of this kind. */
static bool open_table(acpi_view_t *view, uint64_t paddr, const char *signature, acpi_table_t *table)
{
	const uint8_t *header = view(paddr, TABLE_HEADER_BYTES);
	if (!header || !equal(header, signature, 4))
		return false;
	size_t bytes = read32(header + HEADER_LENGTH);
	if (bytes < TABLE_HEADER_BYTES || bytes > MOST_TABLE_BYTES)
		return false;
	const uint8_t *all = view(paddr, bytes);
	if (!all || !sum_is_zero(all, bytes))
		return false;
	*table = (acpi_table_t){ all, bytes };
	return true;
}

/* The list of tables; its entries have 4 or 8 bytes. 5.2.7: who finds an XSDT uses that. */
static bool open_list(acpi_view_t *view, uint64_t root_paddr, acpi_table_t *list, size_t *entry_bytes)
{
	const uint8_t *root = view(root_paddr, ROOT_FIRST_BYTES);
	if (!root || !is_root(root))
		return false;
	uint64_t rsdt_paddr = read32(root + ROOT_RSDT);
	const uint8_t *whole = root[ROOT_REVISION] >= 2 ? view(root_paddr, ROOT_BYTES) : NULL;
	if (whole && read32(whole + ROOT_LENGTH) == ROOT_BYTES && sum_is_zero(whole, ROOT_BYTES) &&
	    open_table(view, read64(whole + ROOT_XSDT), "XSDT", list)) {
		*entry_bytes = 8;
		return true;
	}
	*entry_bytes = 4;
	return open_table(view, rsdt_paddr, "RSDT", list);
}

ax_err_t acpi_find_table(acpi_view_t *view, uint64_t root_paddr, const char signature[4], acpi_table_t *table)
{
	acpi_table_t list;
	size_t entry_bytes;
	if (!open_list(view, root_paddr, &list, &entry_bytes))
		return AX_ERR_INVALID_INPUT;
	for (size_t at = TABLE_HEADER_BYTES; at + entry_bytes <= list.size_bytes; at += entry_bytes) {
		uint64_t paddr = entry_bytes == 8 ? read64(list.data + at) : read32(list.data + at);
		if (open_table(view, paddr, signature, table))
			return AX_OK;
	}
	return AX_ERR_NOT_FOUND;
}
