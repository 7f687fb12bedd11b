/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FatFs as this element uses it: not by paths and open files, but by directories (their first cluster; 0 is the root) and
 * their entries. library.c includes the library's source and adds these functions, which use what is static in it.
 *
 * Errors: AX_ERR_IO of the disk or of what lies on it, AX_ERR_NO_SPACE, AX_ERR_NOT_FOUND, AX_ERR_INVALID_INPUT of a name.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FFCONF_H <fatfs_config.h>
#include <ff.h>

enum { FAT_NAME_BYTES = 255 * 3 + 1, FAT_ENTRY_BYTES = 32 };

/* What FatFs calls a drive. */
typedef struct fat_disk {
	block_device_t *device;
	uint32_t sector_bytes;
	uint32_t sector_shift; /* log2 of the device's blocks in a sector */
	bool is_unflushed;     /* something was written since the last flush */
} fat_disk_t;

/* A time as a directory entry has it. */
typedef struct fat_time {
	uint16_t time;
	uint16_t date;
	uint8_t hundredths;
} fat_time_t;

/* A directory entry: where it is, and what it says. */
typedef struct fat_entry {
	uint32_t directory; /* first cluster of the directory that has it */
	uint32_t offset;    /* in the directory, of the entry itself (the last of a long name's) */
	uint32_t first;     /* of the first one of the long name's; UINT32_MAX: there is none */
	uint32_t sector;
	uint32_t in_sector;
	uint32_t cluster;
	uint32_t bytes;
	uint8_t attributes;
	fat_time_t created, modified, accessed;
} fat_entry_t;

/** The number of the entry in its volume: no two have the same. */
static inline uint64_t fat_entry_number(const FATFS *fs, const fat_entry_t *entry)
{
	return ((uint64_t)entry->sector * fs->ssize + entry->in_sector) / FAT_ENTRY_BYTES;
}

ax_err_t library_error(FRESULT result);

/** Find the volume, at the start of the device or in its first FAT partition. @p lfn: the volume's, FF_MAX_LFN + 1. */
ax_err_t library_mount(FATFS *fs, fat_disk_t *disk, WCHAR *lfn);
/** The dirty bit of the boot sector: set or cleared; @p was says what it was. */
ax_err_t library_set_dirty(FATFS *fs, bool dirty, bool *was);

ax_err_t library_find(FATFS *fs, uint32_t directory, const char *name, fat_entry_t *entry);
/** The first entry at or behind @p offset (that of an entry seen before, if @p behind). @p info gets its name. */
ax_err_t library_next(FATFS *fs, uint32_t directory, uint32_t offset, bool behind, fat_entry_t *entry, FILINFO *info);
/** A new entry of this name with what @p entry says; where it is comes back in it. */
ax_err_t library_add(FATFS *fs, uint32_t directory, const char *name, fat_entry_t *entry);
ax_err_t library_remove(FATFS *fs, const fat_entry_t *entry);
/** Write what @p entry says to its place: into the window. */
ax_err_t library_store(FATFS *fs, const fat_entry_t *entry);
/** A cluster with "." and "..", and nothing else, on the disk. */
ax_err_t library_new_directory(FATFS *fs, uint32_t parent, const fat_entry_t *like, uint32_t *cluster);
ax_err_t library_set_parent(FATFS *fs, uint32_t directory, uint32_t parent);
/** Where ".." leads: a directory is another one's only if it says so itself. */
ax_err_t library_parent(FATFS *fs, uint32_t directory, uint32_t *parent);

ax_err_t library_free_chain(FATFS *fs, uint32_t cluster);
/** The cluster that holds byte @p bytes - 1 of the chain. */
ax_err_t library_last_cluster(FATFS *fs, uint32_t first, uint32_t bytes, uint32_t *last);
/** Free what follows @p last. */
ax_err_t library_cut_chain(FATFS *fs, uint32_t last);
ax_err_t library_count_free(FATFS *fs, uint32_t *clusters);

/** What is in the window goes to the disk. */
ax_err_t library_write_window(FATFS *fs);
/** And the disk's cache to its medium. */
ax_err_t library_flush(FATFS *fs);
bool library_cluster_is_valid(const FATFS *fs, uint32_t cluster);
