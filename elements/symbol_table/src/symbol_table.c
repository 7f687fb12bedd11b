/* SPDX-License-Identifier: Apache-2.0 */
/* A walk from the table's begin: each entry builds on the one before. */
#include <symbol_table/symbol_table.h>

#define HEADER_BYTES 8u

/* Volatile: a table that is put into the linked image must not be taken for the zeros that the compiler saw. */
static uint32_t read_u32(const volatile uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

size_t symbol_table_bytes(const void *table)
{
	uint32_t bytes = read_u32((const uint8_t *)table + 4);
	return read_u32(table) == SYMBOL_TABLE_MAGIC && bytes >= HEADER_BYTES ? bytes : 0;
}

static uintptr_t take_number(const uint8_t **from, const uint8_t *end)
{
	uintptr_t value = 0;
	for (unsigned shift = 0; *from < end && shift < 8 * sizeof value; shift += 7) {
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
	if (length > SYMBOL_TABLE_NAME_BYTES - 1)
		length = SYMBOL_TABLE_NAME_BYTES - 1;
	while (*from < end && **from) {
		if (length < SYMBOL_TABLE_NAME_BYTES - 1)
			name[length++] = (char)**from;
		++*from;
	}
	name[length] = '\0';
	if (*from < end)
		++*from;
}

const char *symbol_table_find(const void *table, uintptr_t base, uintptr_t address, char *name, size_t *offset)
{
	const uint8_t *from = (const uint8_t *)table + HEADER_BYTES;
	const uint8_t *end = (const uint8_t *)table + symbol_table_bytes(table);
	uintptr_t start = 0, next = base;
	while (from < end) {
		next += take_number(&from, end);
		if (next > address)
			break;
		start = next;
		take_name(&from, end, name);
	}
	if (!start)
		return NULL;
	*offset = address - start;
	return name;
}
