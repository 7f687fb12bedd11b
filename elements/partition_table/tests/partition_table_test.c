/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as fdisk makes them, and blocks that only look like one. */
#include <axtest.h>
#include <partition_table/partition_table.h>
#include <string.h>

static uint8_t s_block[PARTITION_TABLE_BLOCK_BYTES];
static partition_t s_partitions[PARTITION_TABLE_ENTRIES];

static void entry(unsigned index, uint8_t type, uint32_t first, uint32_t count)
{
	uint8_t *at = s_block + 446 + 16 * index;
	at[4] = type;
	for (unsigned i = 0; i < 4; i++) {
		at[8 + i] = (uint8_t)(first >> 8 * i);
		at[12 + i] = (uint8_t)(count >> 8 * i);
	}
}

static void table(void)
{
	memset(s_block, 0, sizeof s_block);
	s_block[510] = 0x55;
	s_block[511] = 0xaa;
	entry(0, 0x0c, 2048, 65536);
	entry(1, 0x83, 67584, 1000);
}

static bool is_table(void)
{
	return partition_table_read(s_block, 70000, s_partitions);
}

TEST(partition_table_is_read)
{
	table();
	s_block[446] = 0x80;
	CHECK(is_table());
	CHECK_EQ(s_partitions[0].first, 2048);
	CHECK_EQ(s_partitions[0].count, 65536);
	CHECK(partition_table_is_fat(&s_partitions[0]));
	CHECK_EQ(s_partitions[1].type, 0x83);
	CHECK(!partition_table_is_fat(&s_partitions[1]));
	CHECK(!partition_table_is_fat(&s_partitions[2]));
}

TEST(what_makes_no_sense_is_no_table)
{
	table();
	s_block[511] = 0;
	CHECK(!is_table());
	table();
	s_block[446] = 0x42; /* the code of a file system's boot block */
	CHECK(!is_table());
	table();
	entry(1, 0x83, 67584, 70000); /* behind the end */
	CHECK(!is_table());
	table();
	entry(1, 0x83, 3000, 10); /* in another */
	CHECK(!is_table());
	table();
	entry(0, 0xee, 1, 69999);
	entry(1, 0, 0, 0);
	CHECK(!is_table());
	table();
	entry(0, 0, 0, 0);
	entry(1, 0, 0, 0);
	CHECK(!is_table());
}
