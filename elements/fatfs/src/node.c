/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: in memory while somebody has a reference; and times. */
#include "volume.h"

#include <memstr/memstr.h>

enum {
	NS_PER_S = 1000000000,
	SECONDS_PER_DAY = 86400,
	DAYS_TO_1980 = 3652, /* since 1970 */
	MODE_FILE = VFS_REGULAR | 0644,
	MODE_DIRECTORY = VFS_DIRECTORY | 0755,
	MODE_WRITE = 0222,
};

/* Days since 1970-01-01 of a date, and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t days_of(int64_t year, uint32_t month, uint32_t day)
{
	year -= month <= 2;
	const int64_t era = year / 400;
	const uint32_t of_era = (uint32_t)(year - era * 400);
	const uint32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, uint32_t *month, uint32_t *day)
{
	days += 719468;
	const int64_t era = days / 146097;
	const uint32_t of_era = (uint32_t)(days - era * 146097);
	const uint32_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	const uint32_t of_year = of_era - (365 * years + years / 4 - years / 100);
	const uint32_t shifted = (5 * of_year + 2) / 153;
	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = years + era * 400 + (*month <= 2);
}

/* What is before 1980 or after 2107 becomes the nearest that there is. */
fat_time_t fat_time(int64_t ns)
{
	int64_t seconds = ns / NS_PER_S, year;
	uint32_t month, day;
	if (seconds < (int64_t)DAYS_TO_1980 * SECONDS_PER_DAY)
		return (fat_time_t){ .date = 1 << 5 | 1 };
	date_of(seconds / SECONDS_PER_DAY, &year, &month, &day);
	if (year > 2107)
		return (fat_time_t){ .date = 127 << 9 | 12 << 5 | 31, .time = 23 << 11 | 59 << 5 | 29, .hundredths = 199 };
	const uint32_t of_day = (uint32_t)(seconds % SECONDS_PER_DAY);
	return (fat_time_t){
		.date = (uint16_t)((year - 1980) << 9 | month << 5 | day),
		.time = (uint16_t)(of_day / 3600 << 11 | of_day / 60 % 60 << 5 | of_day % 60 / 2),
		.hundredths = (uint8_t)(of_day % 2 * 100 + (uint32_t)(ns % NS_PER_S / 10000000)),
	};
}

static int64_t ns_of(fat_time_t time)
{
	const uint32_t month = time.date >> 5 & 15, day = time.date & 31;
	if (!month || month > 12 || !day)
		return 0;
	const int64_t days = days_of(1980 + (time.date >> 9), month, day);
	const int64_t seconds = days * SECONDS_PER_DAY + (time.time >> 11) * 3600 + (time.time >> 5 & 63) * 60 +
				(time.time & 31) * 2;
	return seconds * NS_PER_S + (int64_t)time.hundredths * 10000000;
}

static fat_node_t *make(fat_volume_t *volume, bool is_file)
{
	const size_t bytes = sizeof(fat_node_t) + (is_file ? sizeof(FIL) : 0);
	fat_node_t *self = volume->vfs.host->allocate(bytes);
	if (!self)
		return NULL;
	memset(self, 0, bytes);
	self->node.fs = &volume->vfs;
	self->node.ops = volume->vfs.ops;
	self->node.references = 1;
	self->node.links = 1;
	list_node_init(&self->in_dirty);
	return self;
}

static uint64_t sectors_of(const fat_volume_t *volume, uint64_t bytes)
{
	const uint64_t cluster_bytes = (uint64_t)volume->fs.csize * volume->fs.ssize;
	return (bytes + cluster_bytes - 1) / cluster_bytes * cluster_bytes / 512;
}

static void fill_file(fat_volume_t *volume, fat_node_t *self)
{
	FIL *file = self->file;
	self->node.mode = MODE_FILE;
	self->node.size = self->entry.bytes;
	self->node.blocks = sectors_of(volume, self->node.size);
	file->obj.fs = &volume->fs;
	file->obj.id = volume->fs.id;
	file->obj.sclust = self->entry.cluster;
	file->obj.objsize = self->entry.bytes;
}

/* A directory that says itself that it is not where its entry is was linked twice: a cycle, or a tree grown together. */
static ax_err_t fill_directory(fat_volume_t *volume, fat_node_t *self)
{
	uint32_t parent = 0;
	self->cluster = self->entry.cluster;
	self->node.mode = MODE_DIRECTORY;
	self->node.links = 2;
	self->node.blocks = sectors_of(volume, 1);
	if (!library_cluster_is_valid(&volume->fs, self->cluster))
		return AX_ERR_IO;
	ax_err_t error = library_parent(&volume->fs, self->cluster, &parent);
	return error || parent == self->entry.directory ? error : AX_ERR_IO;
}

ax_err_t node_open(fat_volume_t *volume, const fat_entry_t *entry, vfs_node_t **out)
{
	const uint64_t number = fat_entry_number(&volume->fs, entry);
	const bool is_file = !(entry->attributes & AM_DIR);
	*out = vfs_table_find(&volume->nodes, number);
	if (*out)
		return AX_OK;
	fat_node_t *self = make(volume, is_file);
	if (!self)
		return AX_ERR_NO_MEMORY;
	ax_err_t error = AX_OK;
	self->entry = *entry;
	self->has_entry = true;
	self->node.number = number;
	if (is_file)
		fill_file(volume, self);
	else
		error = fill_directory(volume, self);
	if (is_file && entry->cluster && !library_cluster_is_valid(&volume->fs, entry->cluster))
		error = AX_ERR_IO;
	if (error) {
		volume->vfs.host->free(self);
		return error;
	}
	if (entry->attributes & AM_RDO)
		self->node.mode &= ~(uint32_t)MODE_WRITE;
	self->node.modified_ns = self->node.changed_ns = ns_of(entry->modified);
	self->node.accessed_ns = ns_of(entry->accessed);
	self->node.created_ns = ns_of(entry->created);
	vfs_table_add(&volume->nodes, &self->link, &self->node);
	*out = &self->node;
	return AX_OK;
}

ax_err_t node_open_root(fat_volume_t *volume, fat_node_t **node)
{
	fat_node_t *self = make(volume, false);
	if (!self)
		return AX_ERR_NO_MEMORY;
	self->node.number = ROOT_NUMBER;
	self->node.mode = MODE_DIRECTORY;
	self->node.links = 2;
	vfs_table_add(&volume->nodes, &self->link, &self->node);
	*node = self;
	return AX_OK;
}

void node_forget(fat_node_t *self)
{
	fat_volume_t *volume = fat_volume_of(&self->node);
	if (!vfs_table_remove_unused(&volume->nodes, &self->link))
		return;
	list_remove(&self->in_dirty);
	volume->nameless_nodes -= !self->has_entry && &self->node != volume->vfs.root;
	volume->vfs.host->free(self);
}

void node_set_dirty(fat_node_t *self)
{
	if (self->is_dirty || !self->has_entry)
		return;
	self->is_dirty = true;
	list_push_back(&fat_volume_of(&self->node)->dirty, &self->in_dirty);
}

/* Attributes of the node into its entry. */
void node_take_attributes(fat_node_t *self, uint32_t which)
{
	const vfs_node_t *node = &self->node;
	if (which & VFS_SET_MODE) {
		self->entry.attributes &= (uint8_t)~AM_RDO;
		if (!(node->mode & MODE_WRITE))
			self->entry.attributes |= AM_RDO;
	}
	if (which & VFS_SET_TIMES) {
		self->entry.modified = fat_time(node->modified_ns);
		self->entry.accessed = fat_time(node->accessed_ns);
	}
	node_set_dirty(self);
}

ax_err_t node_store(fat_node_t *self)
{
	fat_volume_t *volume = fat_volume_of(&self->node);
	if (!self->is_dirty)
		return AX_OK;
	if (vfs_is_regular(&self->node)) {
		ax_err_t error = fat_file_write_sector(self);
		if (error)
			return error;
		if (self->entry.bytes != self->file->obj.objsize)
			self->entry.attributes |= AM_ARC;
		self->entry.bytes = (uint32_t)self->file->obj.objsize;
		self->entry.cluster = self->file->obj.sclust;
	}
	ax_err_t error = library_store(&volume->fs, &self->entry);
	if (!error) {
		self->is_dirty = false;
		list_remove(&self->in_dirty);
	}
	return error;
}

ax_err_t nodes_store(fat_volume_t *volume)
{
	list_node_t *first;
	while ((first = list_first(&volume->dirty)) != NULL) {
		ax_err_t error = node_store(list_entry(first, fat_node_t, in_dirty));
		if (error)
			return error;
	}
	return AX_OK;
}

/* The table goes by the number: out, and in again. */
void node_move(fat_node_t *self, const fat_entry_t *entry)
{
	fat_volume_t *volume = fat_volume_of(&self->node);
	const uint32_t references = self->node.references;
	self->node.references = 0;
	(void)vfs_table_remove_unused(&volume->nodes, &self->link);
	self->node.references = references;
	volume->nameless_nodes += self->has_entry && !entry;
	self->has_entry = entry != NULL;
	if (entry) {
		self->entry = *entry;
		self->node.number = fat_entry_number(&volume->fs, entry);
	} else {
		self->node.number = volume->nameless++;
		self->is_dirty = false;
		list_remove(&self->in_dirty);
	}
	vfs_table_add(&volume->nodes, &self->link, &self->node);
}
