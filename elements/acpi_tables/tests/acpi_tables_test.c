/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables are put together in a model of physical memory, then spoilt. A view is a copy of just the bytes that were asked
 * for, so that the address sanitizer sees any step beyond them.
 */
#include <acpi_tables/acpi_tables.h>
#include <axtest.h>

#define MEMORY_BYTES 0x110000u
#define ROOT         0xf5a40u
#define XSDT         0x1000u
#define RSDT         0x2000u
#define MADT         0x3003u /* aligned to nothing */
#define OTHER        0x4000u

static uint8_t s_memory[MEMORY_BYTES];
static void *s_views[4096];
static size_t s_view_count;

static const void *view(uint64_t paddr, size_t bytes)
{
	if (paddr >= MEMORY_BYTES || bytes > MEMORY_BYTES - paddr || s_view_count == sizeof s_views / sizeof *s_views)
		return NULL;
	void *copy = malloc(bytes);
	memcpy(copy, s_memory + paddr, bytes);
	s_views[s_view_count++] = copy;
	return copy;
}

static void drop_views(void)
{
	while (s_view_count)
		free(s_views[--s_view_count]);
}

static void put(size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		s_memory[at + i] = (uint8_t)(value >> 8 * i);
}

static void set_sum(size_t at, size_t bytes, size_t sum_at)
{
	s_memory[at + sum_at] = 0;
	uint8_t sum = 0;
	for (size_t i = 0; i < bytes; i++)
		sum = (uint8_t)(sum + s_memory[at + i]);
	s_memory[at + sum_at] = (uint8_t)-sum;
}

static void put_root(size_t at, unsigned revision, uint64_t rsdt, uint64_t xsdt)
{
	memcpy(s_memory + at, "RSD PTR ", 8);
	s_memory[at + 15] = (uint8_t)revision;
	put(at + 16, rsdt, 4);
	put(at + 20, 36, 4);
	put(at + 24, xsdt, 8);
	set_sum(at, 20, 8);
	set_sum(at, 36, 32);
}

static void put_header(size_t at, const char *signature, size_t bytes)
{
	memcpy(s_memory + at, signature, 4);
	put(at + 4, bytes, 4);
	set_sum(at, bytes, 9);
}

static void put_list(size_t at, const char *signature, size_t entry_bytes, const uint64_t *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(at + 36 + i * entry_bytes, entries[i], entry_bytes);
	put_header(at, signature, 36 + count * entry_bytes);
}

static size_t s_madt_bytes;

static void put_processor(unsigned id, unsigned flags)
{
	const size_t at = MADT + s_madt_bytes;
	s_memory[at] = 0;
	s_memory[at + 1] = 8;
	s_memory[at + 3] = (uint8_t)id;
	put(at + 4, flags, 4);
	s_madt_bytes += 8;
}

static void put_x2apic_processor(uint32_t id, unsigned flags)
{
	const size_t at = MADT + s_madt_bytes;
	s_memory[at] = 9;
	s_memory[at + 1] = 16;
	put(at + 4, id, 4);
	put(at + 8, flags, 4);
	s_madt_bytes += 16;
}

static void put_structure(unsigned type, unsigned length)
{
	s_memory[MADT + s_madt_bytes] = (uint8_t)type;
	s_memory[MADT + s_madt_bytes + 1] = (uint8_t)length;
	s_madt_bytes += length;
}

/* A system with an XSDT and an RSDT, both naming a table that is none, another, and the MADT. */
static void set_up(void)
{
	const uint64_t tables[] = { MEMORY_BYTES - 1, OTHER, MADT };
	drop_views();
	memset(s_memory, 0, sizeof s_memory);
	put_root(ROOT, 2, RSDT, XSDT);
	put_list(XSDT, "XSDT", 8, tables, 3);
	put_list(RSDT, "RSDT", 4, tables, 3);
	put_header(OTHER, "FACP", 100);
	s_madt_bytes = 44;
}

static ax_err_t find(acpi_table_t *table)
{
	return acpi_find_table(view, ROOT, "APIC", table);
}

/* Identifiers of the processors that are found. */
static size_t processors(uint32_t *ids, size_t capacity)
{
	acpi_table_t madt;
	put_header(MADT, "APIC", s_madt_bytes);
	CHECK(find(&madt) == AX_OK);
	CHECK_EQ(madt.size_bytes, s_madt_bytes);
	return acpi_madt_processors(&madt, ids, capacity);
}

TEST(acpi_find_root_looks_into_the_bios_area)
{
	set_up();
	CHECK_EQ(acpi_find_root(view), ROOT);
	s_memory[ROOT + 12]++; /* its checksum */
	CHECK_EQ(acpi_find_root(view), 0);
	put_root(0xffff0 - 16, 0, RSDT, 0);
	CHECK_EQ(acpi_find_root(view), 0xfffe0);
}

TEST(acpi_find_root_looks_into_the_extended_bios_data_first)
{
	set_up();
	put(0x40e, 0x9fc0, 2);
	CHECK_EQ(acpi_find_root(view), ROOT);
	put_root(0x9fc00 + 0x3e0, 2, RSDT, XSDT);
	CHECK_EQ(acpi_find_root(view), 0x9ffe0);
}

TEST(acpi_find_root_finds_nothing_in_empty_memory)
{
	drop_views();
	memset(s_memory, 0, sizeof s_memory);
	CHECK_EQ(acpi_find_root(view), 0);
}

TEST(acpi_find_table_goes_by_the_xsdt_where_there_is_one)
{
	acpi_table_t madt;
	set_up();
	put_header(MADT, "APIC", 44);
	memset(s_memory + RSDT, 0, 4);
	CHECK(find(&madt) == AX_OK);
	CHECK_EQ(madt.size_bytes, 44);
	CHECK(!memcmp(madt.data, s_memory + MADT, 44));
}

TEST(acpi_find_table_goes_by_the_rsdt_if_the_root_is_old_or_the_xsdt_spoilt)
{
	acpi_table_t madt;
	set_up();
	put_header(MADT, "APIC", 44);
	put_root(ROOT, 0, RSDT, 0);
	memset(s_memory + XSDT, 0, 4);
	CHECK(find(&madt) == AX_OK);
	put_root(ROOT, 2, RSDT, XSDT);
	CHECK(find(&madt) == AX_OK);
	put_root(ROOT, 2, RSDT, UINT64_MAX - 3);
	CHECK(find(&madt) == AX_OK);
}

TEST(acpi_find_table_tells_a_bad_root_from_a_missing_table)
{
	acpi_table_t table;
	set_up();
	put_header(MADT, "APIC", 44);
	CHECK(acpi_find_table(view, ROOT, "HPET", &table) == AX_ERR_NOT_FOUND);
	CHECK(acpi_find_table(view, ROOT + 16, "APIC", &table) == AX_ERR_INVALID_INPUT);
	CHECK(acpi_find_table(view, UINT64_MAX, "APIC", &table) == AX_ERR_INVALID_INPUT);
	CHECK(acpi_find_table(view, MEMORY_BYTES - 20, "APIC", &table) == AX_ERR_INVALID_INPUT);
	memset(s_memory + RSDT, 0, 4);
	memset(s_memory + XSDT, 0, 4);
	CHECK(find(&table) == AX_ERR_INVALID_INPUT);
}

TEST(acpi_find_table_passes_spoilt_tables_over)
{
	acpi_table_t madt;
	const uint32_t bad_lengths[] = { 0, 35, MEMORY_BYTES, 0xffffffff };
	set_up();
	put_header(MADT, "APIC", 44);
	s_memory[MADT + 40]++;
	CHECK(find(&madt) == AX_ERR_NOT_FOUND);
	for (size_t i = 0; i < sizeof bad_lengths / sizeof *bad_lengths; i++) {
		put(MADT + 4, bad_lengths[i], 4);
		CHECK(find(&madt) == AX_ERR_NOT_FOUND);
	}
	const uint64_t both[] = { MADT, OTHER };
	put_list(XSDT, "XSDT", 8, both, 2);
	put_header(OTHER, "APIC", 60);
	CHECK(find(&madt) == AX_OK);
	CHECK_EQ(madt.size_bytes, 60);
}

TEST(acpi_find_table_does_not_go_round_in_lists_that_name_themselves)
{
	acpi_table_t madt;
	uint64_t itself[1000];
	set_up();
	for (size_t i = 0; i < 1000; i++)
		itself[i] = XSDT;
	put_root(ROOT, 2, XSDT, XSDT);
	put_list(XSDT, "XSDT", 8, itself, 1000);
	CHECK(find(&madt) == AX_ERR_NOT_FOUND);
	put_header(XSDT, "XSDT", 36 + 7); /* not even one entry */
	CHECK(find(&madt) == AX_ERR_NOT_FOUND);
}

TEST(acpi_madt_processors_are_the_enabled_ones_in_order_and_once)
{
	uint32_t ids[8];
	set_up();
	put_processor(0, 1);
	put_structure(1, 12); /* an I/O APIC */
	put_processor(6, 1);
	put_processor(3, 0);
	put_processor(4, 2); /* may come later, is not there now */
	put_processor(6, 1);
	put_x2apic_processor(6, 1);
	put_processor(0xff, 1);
	put_x2apic_processor(0x12345, 1);
	put_x2apic_processor(0xffffffff, 1);
	put_x2apic_processor(300, 0);
	CHECK_EQ(processors(ids, 8), 3);
	CHECK_EQ(ids[0], 0);
	CHECK_EQ(ids[1], 6);
	CHECK_EQ(ids[2], 0x12345);
}

TEST(acpi_madt_processors_stops_at_the_capacity)
{
	uint32_t ids[3] = { 0, 0, 99 };
	set_up();
	for (unsigned id = 0; id < 10; id++)
		put_processor(id, 1);
	CHECK_EQ(processors(ids, 2), 2);
	CHECK_EQ(ids[1], 1);
	CHECK_EQ(ids[2], 99);
	CHECK_EQ(processors(ids, 0), 0);
}

TEST(acpi_madt_processors_ends_at_a_structure_that_cannot_be)
{
	uint32_t ids[8];
	for (unsigned length = 0; length < 2; length++) {
		set_up();
		put_processor(1, 1);
		put_structure(0, length);
		s_madt_bytes += 20;
		CHECK_EQ(processors(ids, 8), 1);
	}
	set_up();
	put_processor(1, 1);
	put_processor(2, 1);
	s_madt_bytes--; /* cut short */
	CHECK_EQ(processors(ids, 8), 1);
	s_madt_bytes -= 6; /* one byte of the second is left */
	CHECK_EQ(processors(ids, 8), 1);
}

TEST(acpi_madt_processors_takes_nothing_from_short_structures_and_short_tables)
{
	uint32_t ids[8];
	set_up();
	put_structure(0, 7);
	put_structure(9, 15);
	put_processor(5, 1);
	CHECK_EQ(processors(ids, 8), 1);
	CHECK_EQ(ids[0], 5);
	for (s_madt_bytes = 36; s_madt_bytes < 46; s_madt_bytes++)
		CHECK_EQ(processors(ids, 8), 0);
}

/* Every byte of a good system in turn is wrong, under right checksums: whatever comes out, nothing else is read. */
TEST(acpi_tables_survive_any_one_wrong_byte)
{
	const struct {
		size_t at, bytes;
	} parts[] = { { ROOT, 36 }, { XSDT, 36 + 24 }, { MADT, 60 } };
	unsigned found = 0, missed = 0;
	set_up();
	put_processor(0, 1);
	put_processor(1, 1);
	put_header(MADT, "APIC", s_madt_bytes);
	for (size_t part = 0; part < 3; part++) {
		for (size_t i = 0; i < parts[part].bytes; i++) {
			uint8_t *byte = &s_memory[parts[part].at + i], good = *byte;
			for (unsigned value = 0; value < 256; value++) {
				uint32_t ids[4];
				acpi_table_t madt;
				drop_views();
				*byte = (uint8_t)value;
				set_sum(ROOT, 20, 8);
				set_sum(ROOT, 36, 32);
				set_sum(XSDT, 60, 9);
				set_sum(MADT, 60, 9);
				if (find(&madt) == AX_OK && acpi_madt_processors(&madt, ids, 4))
					found++;
				else
					missed++;
			}
			*byte = good;
		}
	}
	CHECK(found && missed);
	drop_views();
}
