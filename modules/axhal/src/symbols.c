/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of the image's functions. tools/ax/ksyms.py makes the table from the linked image and puts it into the section
 * that is reserved here; without it nothing has a name.
 */
#include <axhal/backtrace.h>
#include <symbol_table/symbol_table.h>
#include "machine.h"

#define PLACEHOLDER_BYTES 8u

[[gnu::section(".ksyms"), gnu::used]] static const char s_placeholder[PLACEHOLDER_BYTES];

size_t axhal_symbols_bytes(void)
{
	size_t bytes = symbol_table_bytes(ax_ksyms);
	return bytes ? bytes : PLACEHOLDER_BYTES;
}

const char *axhal_symbol_name(uintptr_t address, size_t *offset)
{
	static char s_name[SYMBOL_TABLE_NAME_BYTES];
	if (address < (uintptr_t)ax_text_start || address >= (uintptr_t)ax_text_end)
		return NULL;
	return symbol_table_find(ax_ksyms, (uintptr_t)ax_text_start, address, s_name, offset);
}
