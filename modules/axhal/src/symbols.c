/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of the image's functions, for backtraces. tools/ax/ksyms.py makes the table from the linked image and puts it
 * into the section that is reserved here; without it nothing has a name. The table, little-endian:
 *
 *	u32 magic, u32 bytes (of all of it); then by ascending address, for each function:
 *	LEB128 address - previous address (the first: - ax_text_start)
 *	u8 how many leading characters the name shares with the previous one; the rest of it; 0
 */
#include <axhal/backtrace.h>
#include <stdbool.h>
#include "machine.h"

#define SYMBOLS_MAGIC 0x6d79736bu /* "ksym" */
#define NAME_BYTES    128u        /* the tool cuts longer names */

typedef struct symbols_header {
	uint32_t magic, bytes;
} symbols_header_t;

/* Where the table goes; volatile, or the compiler would take its zeros for the table. */
[[gnu::section(".ksyms"), gnu::used]] static volatile const symbols_header_t s_placeholder;

size_t axhal_symbols_bytes(void)
{
	const volatile symbols_header_t *header = (const volatile symbols_header_t *)ax_ksyms;
	return header->magic == SYMBOLS_MAGIC ? header->bytes : sizeof *header;
}

static uintptr_t take_number(const uint8_t **from, const uint8_t *end)
{
	uintptr_t value = 0;
	for (unsigned shift = 0; *from < end && shift < 64; shift += 7) {
		uint8_t byte = *(*from)++;
		value |= (uintptr_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

/* Into @p name, whose first characters are the previous name's. */
static void take_name(const uint8_t **from, const uint8_t *end, char *name)
{
	size_t length = *from < end ? *(*from)++ : 0;
	while (*from < end && **from && length < NAME_BYTES - 1)
		name[length++] = (char)*(*from)++;
	name[length < NAME_BYTES ? length : NAME_BYTES - 1] = '\0';
	if (*from < end)
		++*from;
}

const char *axhal_symbol_name(uintptr_t address, size_t *offset)
{
	static char s_name[NAME_BYTES];
	if (address < (uintptr_t)ax_text_start || address >= (uintptr_t)ax_text_end)
		return NULL;
	const uint8_t *from = (const uint8_t *)ax_ksyms + sizeof(symbols_header_t);
	const uint8_t *end = (const uint8_t *)ax_ksyms + axhal_symbols_bytes();
	uintptr_t start = 0, next = (uintptr_t)ax_text_start;
	while (from < end) {
		next += take_number(&from, end);
		if (next > address)
			break;
		start = next;
		take_name(&from, end, s_name);
	}
	if (!start)
		return NULL;
	*offset = address - start;
	return s_name;
}
