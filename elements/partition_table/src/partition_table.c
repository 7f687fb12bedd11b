/* SPDX-License-Identifier: Apache-2.0 */
/* See partition_table.h. */
#include <partition_table/partition_table.h>

enum { ENTRIES_AT = 446, ENTRY_BYTES = 16, SIGNATURE_AT = 510, TYPE_PROTECTIVE = 0xee, STATUS_ACTIVE = 0x80 };

static uint32_t little_endian(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* An entry that is not in use is all zeroes but, with some tools, its status. */
static bool read_entry(const uint8_t *entry, uint64_t device_blocks, partition_t *partition)
{
	uint64_t first = little_endian(entry + 8), count = little_endian(entry + 12);
	*partition = (partition_t){ first, count, entry[4] };
	if (entry[0] && entry[0] != STATUS_ACTIVE)
		return false;
	if (!partition->type)
		return !first && !count;
	return partition->type != TYPE_PROTECTIVE && first && count && first + count <= device_blocks;
}

static bool overlap(const partition_t *a, const partition_t *b)
{
	return a->count && b->count && a->first < b->first + b->count && b->first < a->first + a->count;
}

bool partition_table_read(const uint8_t *block, uint64_t device_blocks, partition_t partitions[PARTITION_TABLE_ENTRIES])
{
	uint64_t used = 0;
	if (block[SIGNATURE_AT] != 0x55 || block[SIGNATURE_AT + 1] != 0xaa)
		return false;
	for (unsigned i = 0; i < PARTITION_TABLE_ENTRIES; i++) {
		if (!read_entry(block + ENTRIES_AT + i * ENTRY_BYTES, device_blocks, &partitions[i]))
			return false;
		for (unsigned j = 0; j < i; j++) {
			if (overlap(&partitions[i], &partitions[j]))
				return false;
		}
		used += partitions[i].count;
	}
	return used != 0;
}

bool partition_table_is_fat(const partition_t *partition)
{
	switch (partition->count ? partition->type : 0) {
	case 0x01: /* FAT12 */
	case 0x04: /* FAT16, the last two larger, with addresses by block */
	case 0x06:
	case 0x0e:
	case 0x0b: /* FAT32, likewise */
	case 0x0c:
		return true;
	default:
		return false;
	}
}
