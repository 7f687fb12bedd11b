/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: files in four directories, against a table of what each name should lead to. A file's contents are its
 * number, so that a name that leads to the wrong file shows.
 */
#include "fsx.h"

enum { DIRECTORIES = 4, NAMES = 24, MISSING = 0 };

typedef struct names {
	fsx_t *fsx;
	uint32_t file[DIRECTORIES][NAMES]; /* the number of the file that it leads to, or MISSING */
	uint32_t last_file;
	bool no_links;                     /* this file system has none */
} names_t;

typedef struct place {
	uint32_t directory, name;
	char path[48];
} place_t;

static void check(const names_t *self, const place_t *place, ax_err_t actual, ax_err_t expected)
{
	if (actual == expected)
		return;
	ax_print("fsx: %s: expected \"%s\"\n", place->path, ax_err_text(expected));
	fsx_fail(self->fsx, place->path, actual);
}

static void check_that(const names_t *self, const place_t *place, bool holds)
{
	if (!holds)
		fsx_fail(self->fsx, place->path, AX_ERR_IO);
}

static char *put_number(char *at, uint32_t number)
{
	if (number >= 10)
		at = put_number(at, number / 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

/* "d<directory>/a long name <name>", by which file systems of short names show themselves too. */
static place_t random_place(names_t *self)
{
	place_t place = { fsx_random(self->fsx, DIRECTORIES), fsx_random(self->fsx, NAMES), "d" };
	char *at = put_number(place.path + 1, place.directory);
	memcpy(at, "/a long name ", 13);
	*put_number(at + 13, place.name) = 0;
	return place;
}

static uint32_t *entry(names_t *self, const place_t *place)
{
	return &self->file[place->directory][place->name];
}

static void make(names_t *self)
{
	const place_t place = random_place(self);
	uint32_t *file = entry(self, &place);
	AX_SCOPED_FILE open = {};
	size_t done;
	ax_err_t error = ax_file_open(place.path, AX_OPEN_WRITE | AX_OPEN_CREATE | AX_OPEN_EXCLUSIVE, &open);
	check(self, &place, error, *file ? AX_ERR_ALREADY_EXISTS : AX_OK);
	if (*file)
		return;
	*file = ++self->last_file;
	check(self, &place, ax_file_write(&open, file, sizeof *file, &done), AX_OK);
}

static void look(names_t *self)
{
	const place_t place = random_place(self);
	const uint32_t file = *entry(self, &place);
	AX_SCOPED_FILE open = {};
	uint32_t found = 0;
	size_t done;
	check(self, &place, ax_file_open(place.path, AX_OPEN_READ, &open), file ? AX_OK : AX_ERR_NOT_FOUND);
	if (!file)
		return;
	check(self, &place, ax_file_read(&open, &found, sizeof found, &done), AX_OK);
	check_that(self, &place, found == file);
}

static void unlink(names_t *self)
{
	const place_t place = random_place(self);
	uint32_t *file = entry(self, &place);
	check(self, &place, ax_path_unlink(place.path), *file ? AX_OK : AX_ERR_NOT_FOUND);
	*file = MISSING;
}

/* An open file outlives its name. */
static void unlink_open(names_t *self)
{
	const place_t place = random_place(self);
	uint32_t *file = entry(self, &place);
	AX_SCOPED_FILE open = {};
	uint32_t found = 0;
	size_t done;
	if (!*file)
		return;
	check(self, &place, ax_file_open(place.path, AX_OPEN_READ, &open), AX_OK);
	check(self, &place, ax_path_unlink(place.path), AX_OK);
	check(self, &place, ax_file_read(&open, &found, sizeof found, &done), AX_OK);
	check_that(self, &place, found == *file);
	*file = MISSING;
}

static void rename(names_t *self)
{
	const place_t from = random_place(self), to = random_place(self);
	uint32_t *old = entry(self, &from), *new = entry(self, &to);
	check(self, &from, ax_path_rename(from.path, to.path), *old ? AX_OK : AX_ERR_NOT_FOUND);
	if (!*old || *old == *new) /* two names of one file stay */
		return;
	*new = *old;
	*old = MISSING;
}

static void link(names_t *self)
{
	const place_t from = random_place(self), to = random_place(self);
	const uint32_t *old = entry(self, &from);
	uint32_t *new = entry(self, &to);
	ax_err_t error = self->no_links ? AX_ERR_NOT_PERMITTED : ax_path_link(from.path, to.path);
	if (error == AX_ERR_NOT_PERMITTED) {
		self->no_links = true;
		return;
	}
	check(self, &to, error, !*old ? AX_ERR_NOT_FOUND : *new ? AX_ERR_ALREADY_EXISTS : AX_OK);
	if (error == AX_OK)
		*new = *old;
}

/* A directory goes away and comes back, its files with it. */
static void move_directory(names_t *self)
{
	place_t place = random_place(self);
	ax_stat_t stat;
	*strchr(place.path, '/') = 0;
	check(self, &place, ax_path_rename(place.path, "elsewhere"), AX_OK);
	check(self, &place, ax_path_stat(place.path, &stat), AX_ERR_NOT_FOUND);
	check(self, &place, ax_path_rename("elsewhere", place.path), AX_OK);
}

static void remove_directory(names_t *self)
{
	place_t place = random_place(self);
	bool filled = false;
	for (uint32_t i = 0; i < NAMES; i++)
		filled |= self->file[place.directory][i] != MISSING;
	*strchr(place.path, '/') = 0;
	check(self, &place, ax_path_remove_directory(place.path), filled ? AX_ERR_NOT_EMPTY : AX_OK);
	if (!filled)
		check(self, &place, ax_path_make_directory(place.path), AX_OK);
}

static void list(names_t *self)
{
	place_t place = random_place(self);
	uint32_t expected = 0, seen = 0;
	AX_SCOPED_DIR dir = {};
	ax_dir_entry_t found;
	ax_err_t error;
	for (uint32_t i = 0; i < NAMES; i++)
		expected += self->file[place.directory][i] != MISSING;
	*strchr(place.path, '/') = 0;
	check(self, &place, ax_dir_open(place.path, &dir), AX_OK);
	while ((error = ax_dir_read(&dir, &found)) == AX_OK)
		seen += found.name[0] != '.';
	check(self, &place, error, AX_ERR_NOT_FOUND);
	check_that(self, &place, seen == expected);
}

static void clean_up(names_t *self)
{
	for (place_t place = {}; place.directory < DIRECTORIES; place.directory++) {
		char *end = put_number(place.path + 1, place.directory);
		place.path[0] = 'd';
		for (place.name = 0; place.name < NAMES; place.name++) {
			memcpy(end, "/a long name ", 13);
			*put_number(end + 13, place.name) = 0;
			if (*entry(self, &place))
				check(self, &place, ax_path_unlink(place.path), AX_OK);
		}
		*end = 0;
		check(self, &place, ax_path_remove_directory(place.path), AX_OK);
	}
}

void fsx_names(fsx_t *fsx, unsigned long operations)
{
	static void (*const calls[])(names_t *) = {
		make, make, make, make, look, look, look, unlink, unlink, unlink_open, rename, rename, rename, link, link,
		move_directory, remove_directory, list,
	};
	names_t self = { .fsx = fsx };
	for (uint32_t i = 0; i < DIRECTORIES; i++) {
		place_t place = { .path = "d" };
		*put_number(place.path + 1, i) = 0;
		check(&self, &place, ax_path_make_directory(place.path), AX_OK);
	}
	for (unsigned long i = 0; i < operations; i++) {
		fsx->operation = i;
		calls[fsx_random(fsx, ARRAY_SIZE(calls))](&self);
	}
	clean_up(&self);
}
