/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table in the first block of a disk that PCs, and the firmware of boards, read (UEFI Specification 2.10, section 5.2.1, the
 * legacy master boot record): four entries at most. The first block of a file system looks similar; it is told apart by entries
 * that make no sense. No state, any context.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { PARTITION_TABLE_ENTRIES = 4, PARTITION_TABLE_BLOCK_BYTES = 512 };

typedef struct partition {
	uint64_t first, count; /* blocks of 512 bytes; count is 0: no partition */
	uint8_t type;
} partition_t;

/**
 * Read @p block, the first one of a device of @p device_blocks.
 * @return false: it is no table. One that only protects a GUID partition table is none here
 */
bool partition_table_read(const uint8_t *block, uint64_t device_blocks, partition_t partitions[PARTITION_TABLE_ENTRIES]);

/** Whether the type is one of those for FAT. */
bool partition_table_is_fat(const partition_t *partition);

#pragma GCC visibility pop
