/* SPDX-License-Identifier: Apache-2.0 */
/* FatFs itself, its drive (disk_read() and so on), and what library.h adds. */
#include "library.h"

#include <base/base.h>
#include <ff.c>

DRESULT disk_read(void *drive, BYTE *buffer, DWORD sector, UINT count)
{
	fat_disk_t *disk = drive;
	ax_err_t error = block_device_read(disk->device, (uint64_t)sector << disk->sector_shift,
					   (uint64_t)count << disk->sector_shift, buffer);
	return error ? RES_ERROR : RES_OK;
}

DRESULT disk_write(void *drive, const BYTE *buffer, DWORD sector, UINT count)
{
	fat_disk_t *disk = drive;
	disk->is_unflushed = true;
	ax_err_t error = block_device_write(disk->device, (uint64_t)sector << disk->sector_shift,
					    (uint64_t)count << disk->sector_shift, buffer);
	return error ? RES_ERROR : RES_OK;
}

/* CTRL_SYNC is not passed on: library_flush() is. */
DRESULT disk_ioctl(void *drive, BYTE command, void *buffer)
{
	const fat_disk_t *disk = drive;
	if (command == GET_SECTOR_SIZE)
		*(WORD *)buffer = (WORD)disk->sector_bytes;
	else if (command == IOCTL_INIT || command == IOCTL_STATUS)
		*(DSTATUS *)buffer = 0;
	return RES_OK;
}

ax_err_t library_error(FRESULT result)
{
	switch (result) {
	case FR_OK:
		return AX_OK;
	case FR_NO_FILE:
	case FR_NO_PATH:
		return AX_ERR_NOT_FOUND;
	case FR_INVALID_NAME:
	case FR_NO_FILESYSTEM:
		return AX_ERR_INVALID_INPUT;
	case FR_DENIED: /* no entry or cluster is left */
		return AX_ERR_NO_SPACE;
	case FR_EXIST:
		return AX_ERR_ALREADY_EXISTS;
	default:
		return AX_ERR_IO;
	}
}

bool library_cluster_is_valid(const FATFS *fs, uint32_t cluster)
{
	return cluster >= 2 && cluster < fs->n_fatent;
}

ax_err_t library_mount(FATFS *fs, fat_disk_t *disk, WCHAR *lfn)
{
	mem_set(fs, 0, sizeof *fs);
	fs->drv = disk;
	fs->lfnbuf = lfn;
	FRESULT result = find_volume(fs, FA_WRITE);
	if (result != FR_OK)
		return library_error(result);
	if (fs->fs_type == FS_FAT32 && !library_cluster_is_valid(fs, fs->dirbase))
		return AX_ERR_IO;
	return AX_OK;
}

ax_err_t library_write_window(FATFS *fs)
{
	return library_error(sync_window(fs));
}

ax_err_t library_flush(FATFS *fs)
{
	fat_disk_t *disk = fs->drv;
	ax_err_t error = library_error(sync_fs(fs));
	if (!error && disk->is_unflushed)
		error = block_device_flush(disk->device);
	if (!error)
		disk->is_unflushed = false;
	return error;
}

/* Bit 0 of the byte that DOS reserved and Windows and Linux use. */
ax_err_t library_set_dirty(FATFS *fs, bool dirty, bool *was)
{
	const size_t at = fs->fs_type == FS_FAT32 ? 0x41 : 0x25;
	FRESULT result = move_window(fs, fs->volbase);
	if (result != FR_OK)
		return library_error(result);
	*was = fs->win[at] & 1;
	fs->win[at] = (BYTE)((fs->win[at] & ~1) | dirty);
	fs->wflag = 1;
	return library_write_window(fs);
}

static void open_directory(FATFS *fs, uint32_t cluster, DIR *dir)
{
	mem_set(dir, 0, sizeof *dir);
	dir->obj.fs = fs;
	dir->obj.id = fs->id;
	dir->obj.sclust = cluster;
}

static fat_time_t time_at(const BYTE *at)
{
	return (fat_time_t){ .time = ld_word(at), .date = ld_word(at + 2) };
}

/* The entry that @p dir stands at, which is in the window. */
static void take_entry(FATFS *fs, const DIR *dir, fat_entry_t *entry)
{
	const BYTE *at = dir->dir;
	*entry = (fat_entry_t){
		.directory = dir->obj.sclust,
		.offset = dir->dptr,
		.first = dir->blk_ofs,
		.sector = dir->sect,
		.in_sector = (uint32_t)(at - fs->win),
		.cluster = ld_clust(fs, at),
		.bytes = ld_dword(at + DIR_FileSize),
		.attributes = at[DIR_Attr],
		.created = time_at(at + DIR_CrtTime),
		.modified = time_at(at + DIR_ModTime),
		.accessed = { .date = ld_word(at + DIR_LstAccDate) },
	};
	entry->created.hundredths = at[DIR_CrtTime10];
}

static void put_entry(FATFS *fs, BYTE *at, const fat_entry_t *entry)
{
	at[DIR_Attr] = entry->attributes;
	at[DIR_CrtTime10] = entry->created.hundredths;
	st_word(at + DIR_CrtTime, entry->created.time);
	st_word(at + DIR_CrtTime + 2, entry->created.date);
	st_word(at + DIR_ModTime, entry->modified.time);
	st_word(at + DIR_ModTime + 2, entry->modified.date);
	st_word(at + DIR_LstAccDate, entry->accessed.date);
	st_clust(fs, at, entry->cluster);
	st_dword(at + DIR_FileSize, entry->bytes);
	fs->wflag = 1;
}

ax_err_t library_store(FATFS *fs, const fat_entry_t *entry)
{
	FRESULT result = move_window(fs, entry->sector);
	if (result == FR_OK)
		put_entry(fs, fs->win + entry->in_sector, entry);
	return library_error(result);
}

ax_err_t library_find(FATFS *fs, uint32_t directory, const char *name, fat_entry_t *entry)
{
	DIR dir;
	open_directory(fs, directory, &dir);
	FRESULT result = create_name(&dir, &name);
	if (result == FR_OK)
		result = dir_find(&dir);
	if (result == FR_OK)
		take_entry(fs, &dir, entry);
	return library_error(result);
}

ax_err_t library_next(FATFS *fs, uint32_t directory, uint32_t offset, bool behind, fat_entry_t *entry, FILINFO *info)
{
	DIR dir;
	open_directory(fs, directory, &dir);
	FRESULT result = dir_sdi(&dir, offset);
	if (result == FR_OK && behind)
		result = dir_next(&dir, 0);
	if (result == FR_OK)
		result = dir_read(&dir, 0);
	if (result != FR_OK)
		return library_error(result);
	take_entry(fs, &dir, entry);
	get_fileinfo(&dir, info);
	return AX_OK;
}

/* Whether the directory has @p count free entries in a row. */
static FRESULT has_room(DIR *dir, UINT count)
{
	FATFS *fs = dir->obj.fs;
	UINT found = 0;
	FRESULT result = dir_sdi(dir, 0);
	while (result == FR_OK) {
		result = move_window(fs, dir->sect);
		if (result != FR_OK)
			break;
		found = dir->dir[DIR_Name] == DDEM || dir->dir[DIR_Name] == 0 ? found + 1 : 0;
		if (found == count)
			return FR_OK;
		result = dir_next(dir, 0);
	}
	return result;
}

/* One cluster more for the directory, which is zero on the disk before the directory leads to it: what lay there before
 * never shows as entries. (The library's own way is the other one round.) */
static FRESULT extend(DIR *dir)
{
	FATFS *fs = dir->obj.fs;
	FRESULT result = dir_sdi(dir, 0);
	if (result != FR_OK)
		return result;
	if (dir->clust == 0)
		return FR_DENIED; /* the root of FAT12 and FAT16 */
	DWORD last = dir->clust, next;
	for (UINT steps = 0; (next = get_fat(&dir->obj, last)) < fs->n_fatent; last = next) {
		if (next < 2)
			return FR_INT_ERR;
		if (++steps >= MAX_DIR / (fs->csize * SS(fs)))
			return FR_DENIED; /* as large as a directory can be, or a cycle */
	}
	if (next == 0xFFFFFFFF)
		return FR_DISK_ERR;
	const DWORD added = create_chain(&dir->obj, 0);
	if (added < 2 || added == 0xFFFFFFFF)
		return added == 0 ? FR_DENIED : added == 1 ? FR_INT_ERR : FR_DISK_ERR;
	result = dir_clear(fs, added);
	if (result == FR_OK && library_flush(fs) != AX_OK)
		result = FR_DISK_ERR;
	return result == FR_OK ? put_fat(fs, last, added) : result;
}

ax_err_t library_add(FATFS *fs, uint32_t directory, const char *name, fat_entry_t *entry)
{
	DIR dir;
	UINT units = 0;
	open_directory(fs, directory, &dir);
	FRESULT result = create_name(&dir, &name);
	if (result != FR_OK)
		return library_error(result);
	while (fs->lfnbuf[units])
		units++;
	const UINT count = dir.fn[NSFLAG] & NS_LFN ? (units + 12) / 13 + 1 : 1;
	while ((result = has_room(&dir, count)) == FR_NO_FILE) {
		result = extend(&dir);
		if (result != FR_OK)
			return library_error(result);
	}
	if (result == FR_OK)
		result = dir_register(&dir);
	if (result != FR_OK)
		return library_error(result);
	put_entry(fs, dir.dir, entry);
	dir.blk_ofs = count > 1 ? dir.dptr - (count - 1) * SZDIRE : 0xFFFFFFFF;
	take_entry(fs, &dir, entry);
	return AX_OK;
}

ax_err_t library_remove(FATFS *fs, const fat_entry_t *entry)
{
	DIR dir;
	open_directory(fs, entry->directory, &dir);
	FRESULT result = dir_sdi(&dir, entry->offset);
	dir.blk_ofs = entry->first;
	if (result == FR_OK)
		result = dir_remove(&dir);
	return library_error(result);
}

ax_err_t library_new_directory(FATFS *fs, uint32_t parent, const fat_entry_t *like, uint32_t *cluster)
{
	FFOBJID object = { .fs = fs, .id = fs->id };
	const DWORD added = create_chain(&object, 0);
	if (added < 2 || added == 0xFFFFFFFF)
		return added == 0 ? AX_ERR_NO_SPACE : AX_ERR_IO;
	FRESULT result = dir_clear(fs, added);
	if (result == FR_OK)
		result = move_window(fs, clst2sect(fs, added));
	if (result != FR_OK)
		return library_error(result);
	fat_entry_t dots = *like;
	dots.bytes = 0;
	for (int i = 0; i < 2; i++) {
		BYTE *at = fs->win + i * SZDIRE;
		mem_set(at + DIR_Name, ' ', 11);
		mem_set(at + DIR_Name, '.', (size_t)i + 1);
		dots.cluster = i ? parent : added;
		put_entry(fs, at, &dots);
	}
	*cluster = added;
	return library_flush(fs);
}

/* The second entry of a directory is "..". */
static FRESULT go_to_parent(FATFS *fs, uint32_t directory, DIR *dir)
{
	open_directory(fs, directory, dir);
	FRESULT result = dir_sdi(dir, SZDIRE);
	if (result == FR_OK)
		result = move_window(fs, dir->sect);
	if (result == FR_OK && mem_cmp(dir->dir, "..         ", 11) != 0)
		result = FR_INT_ERR;
	return result;
}

ax_err_t library_set_parent(FATFS *fs, uint32_t directory, uint32_t parent)
{
	DIR dir;
	FRESULT result = go_to_parent(fs, directory, &dir);
	if (result == FR_OK) {
		st_clust(fs, dir.dir, parent);
		fs->wflag = 1;
	}
	return library_error(result);
}

ax_err_t library_parent(FATFS *fs, uint32_t directory, uint32_t *parent)
{
	DIR dir;
	FRESULT result = go_to_parent(fs, directory, &dir);
	if (result == FR_OK)
		*parent = ld_clust(fs, dir.dir);
	if (result == FR_OK && fs->fs_type == FS_FAT32 && *parent == fs->dirbase)
		*parent = 0; /* some say the root by its number */
	return library_error(result);
}

ax_err_t library_free_chain(FATFS *fs, uint32_t cluster)
{
	FFOBJID object = { .fs = fs, .id = fs->id };
	return library_error(remove_chain(&object, cluster, 0));
}

ax_err_t library_last_cluster(FATFS *fs, uint32_t first, uint32_t bytes, uint32_t *last)
{
	FFOBJID object = { .fs = fs, .id = fs->id };
	const uint32_t cluster_bytes = (uint32_t)fs->csize * SS(fs);
	*last = first;
	for (uint32_t left = bytes; left > cluster_bytes; left -= cluster_bytes) {
		*last = get_fat(&object, *last);
		if (!library_cluster_is_valid(fs, *last))
			return AX_ERR_IO;
	}
	return AX_OK;
}

ax_err_t library_cut_chain(FATFS *fs, uint32_t last)
{
	FFOBJID object = { .fs = fs, .id = fs->id };
	const DWORD next = get_fat(&object, last);
	if (next == 0xFFFFFFFF || next < 2)
		return AX_ERR_IO;
	if (next >= fs->n_fatent)
		return AX_OK;
	return library_error(remove_chain(&object, next, last));
}

ax_err_t library_count_free(FATFS *fs, uint32_t *clusters)
{
	DWORD count = 0;
	FRESULT result = f_getfree(fs, &count);
	*clusters = (uint32_t)count;
	return library_error(result);
}
