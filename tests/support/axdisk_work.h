/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A random workload on a file system, with a model of what must be there; and power cuts at every write of it.
 *
 * The workload uses a few paths. A file's contents follow from a seed and its size, so a state of all paths is small, and
 * one is kept for each step. power_cuts() plays the recorded writes up to each of them into the image of before, and
 * beside that some of the writes since the last flush, but not all: a disk with a cache may have written any. Then what
 * is there must be what was synced, or what came later.
 */
#pragma once

#include <axdisk.h>

enum { WORK_PATHS = 16, WORK_DIRECTORIES = 3, WORK_STEPS_MAX = 2000, WORK_FILE_MAX = 90000 };

static const char *const s_work_path[WORK_PATHS] = {
	"dir", "dir/A directory below another one", "Other", /* directories */
	"a", "b.txt", "c", "dir/a", "dir/b", "dir/A long name, with spaces and more.text", "Other/a", "Other/b",
	"Other/UPPER.TXT", "dir/A directory below another one/x", "dir/A directory below another one/y.dat", "last", "z",
};

typedef struct work_file {
	bool exists;
	uint32_t seed;
	uint32_t size;
} work_file_t;

typedef struct work_state {
	work_file_t file[WORK_PATHS];
} work_state_t;

typedef struct work {
	vfs_t *fs;
	uint64_t random;
	bool overwrites; /* in place: then the contents have no single seed while power is cut */
	size_t steps;
	work_state_t state[WORK_STEPS_MAX + 1]; /* after each step */
	size_t record[WORK_STEPS_MAX + 1];      /* writes of the disk until then */
	size_t synced[WORK_STEPS_MAX + 1][WORK_PATHS]; /* the step whose state of the path is durable */
} work_t;

static uint64_t work_random(work_t *self, uint64_t limit)
{
	self->random ^= self->random >> 12;
	self->random ^= self->random << 25;
	self->random ^= self->random >> 27;
	return (self->random * UINT64_C(2685821657736338717) >> 16) % limit;
}

static uint8_t work_byte(uint32_t seed, size_t i)
{
	return (uint8_t)(seed + i * 13 + (i >> 9) * 5 + (i >> 15));
}

static void work_fill(uint8_t *at, uint32_t seed, size_t from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = work_byte(seed, from + i);
}

/* Directory of a path, or -1 for the root. */
static int work_parent(int path)
{
	for (int i = WORK_DIRECTORIES - 1; i >= 0; i--) {
		size_t bytes = strlen(s_work_path[i]);
		if (i != path && strncmp(s_work_path[i], s_work_path[path], bytes) == 0 && s_work_path[path][bytes] == '/')
			return i;
	}
	return -1;
}

static bool work_has_children(const work_state_t *state, int path)
{
	for (int i = 0; i < WORK_PATHS; i++) {
		if (state->file[i].exists && work_parent(i) == path)
			return true;
	}
	return false;
}

/* Errors of a full volume are all that a step may meet. */
static bool work_went_well(ax_err_t error)
{
	CHECK(error == AX_OK || error == AX_ERR_NO_SPACE);
	return error == AX_OK;
}

static uint32_t work_size(work_t *self)
{
	return (uint32_t)work_random(self, work_random(self, 3) ? 6000 : WORK_FILE_MAX);
}

static void work_append(work_t *self, const char *path, work_file_t *file)
{
	static uint8_t s_data[WORK_FILE_MAX];
	uint32_t bytes = AX_MIN(work_size(self), WORK_FILE_MAX - file->size);
	work_fill(s_data, file->seed, file->size, bytes);
	vfs_node_t *node;
	size_t done;
	CHECK_EQ(disk_walk(self->fs, path, &node), AX_OK);
	if (bytes && work_went_well(self->fs->ops->write(node, s_data, bytes, file->size, &done)))
		file->size += (uint32_t)done;
	CHECK_EQ(node->size, file->size);
	vfs_node_put(node);
}

static void work_overwrite(work_t *self, const char *path, work_file_t *file)
{
	static uint8_t s_data[WORK_FILE_MAX];
	uint32_t from = file->size ? (uint32_t)work_random(self, file->size) : 0;
	work_fill(s_data, file->seed, from, file->size - from);
	CHECK_EQ(disk_put(self->fs, path, s_data, file->size - from, from), AX_OK);
}

static void work_step(work_t *self, work_state_t *state, size_t synced[WORK_PATHS])
{
	const int path = (int)work_random(self, WORK_PATHS), parent = work_parent(path);
	const char *name = s_work_path[path];
	work_file_t *file = &state->file[path];
	const bool is_directory = path < WORK_DIRECTORIES;
	const uint64_t dice = work_random(self, 100);
	if (parent >= 0 && !state->file[parent].exists)
		return;
	if (!file->exists) {
		uint32_t type = is_directory ? VFS_DIRECTORY | 0755 : VFS_REGULAR | 0644;
		file->exists = work_went_well(disk_make(self->fs, name, type, NULL));
		file->size = 0;
		file->seed = (uint32_t)work_random(self, 250) + 1;
	} else if (is_directory) {
		if (dice < 15) {
			ax_err_t error = disk_remove(self->fs, name);
			CHECK_EQ(error, work_has_children(state, path) ? AX_ERR_NOT_EMPTY : AX_OK);
			file->exists = error;
		}
	} else if (dice < 40) {
		work_append(self, name, file);
	} else if (dice < 50) {
		CHECK_EQ(disk_remove(self->fs, name), AX_OK);
		file->exists = false;
	} else if (dice < 60) {
		file->size = file->size ? (uint32_t)work_random(self, file->size) : 0;
		CHECK_EQ(disk_cut(self->fs, name, file->size), AX_OK);
	} else if (dice < 75) {
		const int to = WORK_DIRECTORIES + (int)work_random(self, WORK_PATHS - WORK_DIRECTORIES);
		const int to_parent = work_parent(to);
		if (to != path && (to_parent < 0 || state->file[to_parent].exists) &&
		    work_went_well(disk_rename(self->fs, name, s_work_path[to]))) {
			state->file[to] = *file;
			file->exists = false;
		}
	} else if (dice < 90) {
		if (self->overwrites)
			work_overwrite(self, name, file);
		CHECK_EQ(disk_sync_file(self->fs, name, false), AX_OK);
		synced[path] = self->steps + 1;
	} else {
		CHECK_EQ(self->fs->ops->sync(self->fs), AX_OK);
		for (int i = 0; i < WORK_PATHS; i++)
			synced[i] = self->steps + 1;
	}
}

/* The path is as @p file has it. */
static bool work_path_is(vfs_t *fs, const char *path, const work_file_t *file)
{
	static uint8_t s_back[WORK_FILE_MAX + 1];
	vfs_node_t *node;
	ax_err_t error = disk_walk(fs, path, &node);
	if (error) {
		CHECK_EQ(error, AX_ERR_NOT_FOUND);
		return !file->exists;
	}
	bool is_as_expected = file->exists;
	if (is_as_expected && vfs_is_regular(node)) {
		size_t done = 0;
		CHECK_EQ(fs->ops->read(node, s_back, sizeof s_back, 0, &done), AX_OK);
		is_as_expected = done == file->size;
		for (size_t i = 0; i < done && is_as_expected; i++)
			is_as_expected = s_back[i] == work_byte(file->seed, i);
	}
	vfs_node_put(node);
	return is_as_expected;
}

static bool work_state_is(vfs_t *fs, const work_state_t *state)
{
	for (int i = 0; i < WORK_PATHS; i++) {
		if (!work_path_is(fs, s_work_path[i], &state->file[i]))
			return false;
	}
	return true;
}

/** Run @p steps on @p fs, empty before; @p disk records, or not. */
[[maybe_unused]] static void work_run(work_t *self, vfs_t *fs, const disk_t *disk, uint64_t seed, size_t steps)
{
	self->fs = fs;
	self->random = seed * 0x9e3779b97f4a7c15 + 1;
	self->steps = 0;
	memset(&self->state[0], 0, sizeof self->state[0]);
	memset(self->synced[0], 0, sizeof self->synced[0]);
	self->record[0] = disk->record_count;
	while (self->steps < steps) {
		const size_t next = self->steps + 1;
		self->state[next] = self->state[self->steps];
		memcpy(self->synced[next], self->synced[self->steps], sizeof self->synced[next]);
		work_step(self, &self->state[next], self->synced[next]);
		self->record[next] = disk->record_count;
		self->steps = next;
	}
}

/* What a file system promises, and who checks it. */
typedef struct work_promise {
	ax_err_t (*mount)(block_device_t *device, vfs_t **fs);
	const char *repair; /* by the host, before the mount; NULL: the mount recovers */
	const char *check;  /* after an unmount: status 0 */
	bool is_atomic;     /* each step is done or not, and in their order */
	size_t check_every; /* cuts from one check by the host to the next */
	size_t repair_every;
} work_promise_t;

/* @p first is the last step that is wholly on the record, @p last the one under way. */
static void work_check_promise(const work_t *self, vfs_t *fs, const work_promise_t *promise, size_t first, size_t last)
{
	if (promise->is_atomic) {
		size_t from = 0;
		for (int i = 0; i < WORK_PATHS; i++)
			from = AX_MAX(from, self->synced[first][i]);
		bool found = false;
		for (size_t step = from; step <= last && !found; step++)
			found = work_state_is(fs, &self->state[step]);
		CHECK(found);
		return;
	}
	for (int path = 0; path < WORK_PATHS; path++) {
		const size_t from = self->synced[first][path];
		const work_file_t *synced = &self->state[from].file[path];
		bool changed = false;
		for (size_t step = from; step <= last; step++)
			changed |= memcmp(synced, &self->state[step].file[path], sizeof *synced) != 0;
		if (from && !changed && !work_path_is(fs, s_work_path[path], synced)) {
			fprintf(stderr, "%s, synced in step %zu, is lost in step %zu\n", s_work_path[path], from, last);
			CHECK(!"synced data is there");
		}
	}
}

/* A part of a write that a disk writes whole or not at all. */
enum { WORK_SECTOR = 4096 };

/* Records [0, whole) into @p image; of [whole, end) some, by lot, in pieces. */
static void work_apply_some(const disk_t *disk, uint8_t *image, size_t whole, size_t end, uint64_t lot)
{
	for (size_t i = whole; i < end; i++) {
		const disk_record_t *record = &disk->record[i];
		for (size_t at = 0; at < record->bytes;) {
			const size_t piece = AX_MIN(WORK_SECTOR - (record->offset + at) % WORK_SECTOR, record->bytes - at);
			lot = lot * 6364136223846793005u + 1442695040888963407u;
			if (lot >> 62)
				memcpy(image + record->offset + at, record->data + at, piece);
			at += piece;
		}
	}
}

static void work_try(const work_t *self, uint8_t *image, size_t bytes, const work_promise_t *promise, size_t record,
		     size_t number)
{
	disk_t disk;
	vfs_t *fs;
	size_t first = 0;
	while (first < self->steps && self->record[first + 1] <= record)
		first++;
	const size_t last = AX_MIN(first + 1, self->steps);
	if (promise->repair)
		CHECK(disk_check_image(promise->repair, image, bytes, true) <= 1);
	disk_init(&disk, image, bytes);
	ax_err_t error = promise->mount(&disk.device, &fs);
	if (error)
		fprintf(stderr, "cut before write %zu, number %zu: cannot be mounted\n", record, number);
	CHECK_EQ(error, AX_OK);
	work_check_promise(self, fs, promise, first, last);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	if (number % promise->check_every == 0)
		CHECK_EQ(disk_check_image(promise->check, image, bytes, false), 0);
}

/** Cut the power before each write that @p disk has recorded since its image was @p before. @p stride: of how many one. */
[[maybe_unused]] static void power_cuts(const work_t *self, const disk_t *disk, const uint8_t *before,
					const work_promise_t *promise, size_t stride)
{
	uint8_t *flushed = malloc(disk->bytes), *image = malloc(disk->bytes);
	size_t flush = 0, number = 0;
	memcpy(flushed, before, disk->bytes);
	for (size_t cut = 0; cut <= disk->record_count; cut++) {
		for (int variant = 0; variant < 3 && cut % stride == 0; variant++, number++) {
			if (promise->repair && number % promise->repair_every)
				continue;
			memcpy(image, flushed, disk->bytes);
			if (variant == 0) {
				for (size_t i = flush; i < cut; i++)
					memcpy(image + disk->record[i].offset, disk->record[i].data, disk->record[i].bytes);
			} else {
				work_apply_some(disk, image, flush, cut, cut * 3 + (size_t)variant);
			}
			work_try(self, image, disk->bytes, promise, cut, number);
		}
		if (cut < disk->record_count && !disk->record[cut].bytes) {
			for (size_t i = flush; i < cut; i++)
				memcpy(flushed + disk->record[i].offset, disk->record[i].data, disk->record[i].bytes);
			flush = cut + 1;
		}
	}
	free(flushed);
	free(image);
}
