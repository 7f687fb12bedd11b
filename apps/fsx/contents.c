/* SPDX-License-Identifier: Apache-2.0 */
/* The contents of one file, through two open files at a time, against an array. */
#include "fsx.h"

typedef struct contents {
	fsx_t *fsx;
	ax_file_t file;     /* read and written at offsets, and by position */
	ax_file_t append;
	unsigned char *model, *buffer;
	uint64_t size;
} contents_t;

static void check(const contents_t *self, const char *what, ax_err_t error)
{
	if (error != AX_OK)
		fsx_fail(self->fsx, what, error);
}

static void check_that(const contents_t *self, const char *what, bool holds)
{
	if (!holds)
		fsx_fail(self->fsx, what, AX_ERR_IO);
}

static size_t random_bytes(contents_t *self, uint64_t offset)
{
	const uint64_t room = self->fsx->size_max - offset;
	const uint32_t most = fsx_random(self->fsx, 4) ? 6000 : (uint32_t)room;
	return fsx_random(self->fsx, (uint32_t)AX_MIN((uint64_t)most, room) + 1);
}

static void fill(contents_t *self, size_t bytes)
{
	uint64_t word = self->fsx->random;
	for (size_t i = 0; i < bytes; i++)
		self->buffer[i] = (unsigned char)((word = word * 6364136223846793005u + 1) >> 56);
}

static void note_written(contents_t *self, uint64_t offset, size_t bytes)
{
	memcpy(self->model + offset, self->buffer, bytes);
	if (bytes)
		self->size = AX_MAX(self->size, offset + bytes);
}

static void write_at(contents_t *self)
{
	const uint64_t offset = fsx_random(self->fsx, (uint32_t)self->fsx->size_max);
	const size_t bytes = random_bytes(self, offset);
	size_t done;
	fill(self, bytes);
	check(self, "write_at", ax_file_write_at(&self->file, self->buffer, bytes, offset, &done));
	check_that(self, "write_at wrote less", done == bytes);
	note_written(self, offset, bytes);
}

static void append(contents_t *self)
{
	const size_t bytes = AX_MIN(random_bytes(self, self->size), (size_t)(self->fsx->size_max - self->size));
	const uint64_t end = self->size;
	size_t done;
	fill(self, bytes);
	check(self, "append", ax_file_write(&self->append, self->buffer, bytes, &done));
	check_that(self, "append wrote less", done == bytes);
	note_written(self, end, bytes);
	check_that(self, "append's position", self->append.position == end + bytes);
}

static void read_by_position(contents_t *self)
{
	const uint64_t offset = fsx_random(self->fsx, (uint32_t)self->fsx->size_max);
	const size_t bytes = random_bytes(self, offset);
	const size_t expected = offset < self->size ? (size_t)AX_MIN((uint64_t)bytes, self->size - offset) : 0;
	size_t done;
	uint64_t position;
	check(self, "seek", ax_file_seek(&self->file, (int64_t)offset, AX_SEEK_FROM_START, &position));
	check(self, "read", ax_file_read(&self->file, self->buffer, bytes, &done));
	check_that(self, "read's length", done == expected);
	check_that(self, "what was read", memcmp(self->buffer, self->model + offset, done) == 0);
	check_that(self, "read's position", self->file.position == offset + done);
}

static void read_pieces(contents_t *self)
{
	const uint64_t offset = fsx_random(self->fsx, (uint32_t)self->fsx->size_max);
	const size_t bytes = random_bytes(self, offset), first = fsx_random(self->fsx, (uint32_t)bytes + 1);
	const ax_piece_t pieces[] = { { self->buffer, first }, { self->buffer + first, bytes - first } };
	size_t done;
	check(self, "read_pieces", ax_file_read_pieces_at(&self->file, pieces, 2, offset, &done));
	check_that(self, "read_pieces' length",
		   done == (offset < self->size ? AX_MIN((uint64_t)bytes, self->size - offset) : 0));
	check_that(self, "what read_pieces read", memcmp(self->buffer, self->model + offset, done) == 0);
}

static void truncate(contents_t *self)
{
	const uint64_t size = fsx_random(self->fsx, 16) ? fsx_random(self->fsx, (uint32_t)self->fsx->size_max) : 0;
	check(self, "truncate", ax_file_truncate(&self->file, size));
	if (size < self->size)
		memset(self->model + size, 0, (size_t)(self->size - size));
	self->size = size;
}

static void look(contents_t *self)
{
	ax_stat_t stat;
	check(self, "stat", ax_file_stat(&self->file, &stat));
	check_that(self, "the size", stat.size == self->size);
}

static void sync(contents_t *self)
{
	check(self, "sync", ax_file_sync(&self->file, fsx_random(self->fsx, 2)));
}

static void open_files(contents_t *self)
{
	check(self, "open", ax_file_open("fsx.file", AX_OPEN_READ_WRITE | AX_OPEN_CREATE, &self->file));
	check(self, "open to append", ax_file_open("fsx.file", AX_OPEN_WRITE | AX_OPEN_APPEND, &self->append));
}

static void reopen(contents_t *self)
{
	ax_file_close(&self->file);
	ax_file_close(&self->append);
	open_files(self);
}

void fsx_contents(fsx_t *fsx, unsigned long operations)
{
	static void (*const calls[])(contents_t *) = {
		write_at, write_at, write_at, append, read_by_position, read_by_position, read_by_position, read_pieces,
		truncate, look, sync, reopen,
	};
	contents_t self = { .fsx = fsx, .model = ax_alloc(fsx->size_max), .buffer = ax_alloc(fsx->size_max) };
	if (!self.model || !self.buffer)
		fsx_fail(fsx, "the model", AX_ERR_NO_MEMORY);
	memset(self.model, 0, fsx->size_max);
	open_files(&self);
	for (unsigned long i = 0; i < operations; i++) {
		fsx->operation = i;
		calls[fsx_random(fsx, ARRAY_SIZE(calls))](&self);
	}
	ax_file_close(&self.file);
	ax_file_close(&self.append);
	check(&self, "unlink", ax_path_unlink("fsx.file"));
	ax_free(self.model);
	ax_free(self.buffer);
}
