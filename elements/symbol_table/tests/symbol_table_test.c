/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <symbol_table/symbol_table.h>

#define BASE 0x100000u

/* alpha at +0x10, alphabet at +0x110, beta at +0x8110. */
static const char s_entries[] = "\x10\0alpha\0"
				"\x80\x02\5bet\0"
				"\x80\x80\x02\0beta";

/* On the heap and exactly as long as it says: the address sanitizer watches its end. */
static uint8_t *make(size_t entries_bytes)
{
	uint32_t header[] = { SYMBOL_TABLE_MAGIC, (uint32_t)(8 + entries_bytes) };
	uint8_t *table = malloc(8 + entries_bytes);
	memcpy(table, header, sizeof header);
	memcpy(table + 8, s_entries, entries_bytes);
	return table;
}

static const char *find(uintptr_t offset_from_base, size_t *offset)
{
	static char s_name[SYMBOL_TABLE_NAME_BYTES];
	uint8_t *table = make(sizeof s_entries);
	const char *name = symbol_table_find(table, BASE, BASE + offset_from_base, s_name, offset);
	free(table);
	return name;
}

TEST(symbol_table_finds_the_function_around_an_address)
{
	size_t offset;
	CHECK_STR(find(0x10, &offset), "alpha");
	CHECK_EQ(offset, 0);
	CHECK_STR(find(0x10f, &offset), "alpha");
	CHECK_EQ(offset, 0xff);
	CHECK_STR(find(0x8110, &offset), "beta");
}

TEST(symbol_table_shares_leading_characters_with_the_name_before)
{
	size_t offset;
	CHECK_STR(find(0x112, &offset), "alphabet");
	CHECK_EQ(offset, 2);
}

TEST(symbol_table_has_nothing_below_its_first_function)
{
	size_t offset;
	CHECK(!find(0xf, &offset));
}

TEST(symbol_table_without_its_magic_is_no_table)
{
	uint8_t zeros[8] = { 0 };
	char name[SYMBOL_TABLE_NAME_BYTES];
	size_t offset;
	CHECK_EQ(symbol_table_bytes(zeros), 0);
	CHECK(!symbol_table_find(zeros, BASE, BASE + 0x20, name, &offset));
}

TEST(symbol_table_cut_anywhere_is_read_within_its_bounds)
{
	for (size_t bytes = 0; bytes < sizeof s_entries; bytes++) {
		uint8_t *table = make(bytes);
		char name[SYMBOL_TABLE_NAME_BYTES] = "";
		size_t offset;
		(void)symbol_table_find(table, BASE, BASE + 0x10000, name, &offset);
		free(table);
	}
}

TEST(symbol_table_cuts_names_that_are_too_long)
{
	uint8_t table[8 + 2 + 300] = { 0 };
	uint32_t header[] = { SYMBOL_TABLE_MAGIC, sizeof table };
	char name[SYMBOL_TABLE_NAME_BYTES];
	size_t offset;
	memcpy(table, header, sizeof header);
	memset(table + 10, 'x', 299);
	CHECK_EQ(strlen(symbol_table_find(table, BASE, BASE, name, &offset)), SYMBOL_TABLE_NAME_BYTES - 1);
}
