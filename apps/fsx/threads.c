/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that make, rename, link, remove and read the same names at the same time. What each operation finds is
 * chance, so it may fail in the ways that chance explains, and no other; a file that could be opened holds its number
 * in each of its words; and when all names are removed, the file system has the nodes and blocks that it had before.
 */
#include "fsx.h"

enum { THREADS = 8, NAMES = 12, WORDS = 700 };

typedef struct worker {
	fsx_t fsx;
	unsigned long operations;
	ax_thread_t *thread;
	uint32_t words[WORDS];
} worker_t;

static void random_path(worker_t *self, char path[8])
{
	static const char letters[] = "abcdefghijkl";
	const uint32_t directory = fsx_random(&self->fsx, 3);
	size_t at = 0;
	if (directory) {
		path[at++] = directory == 1 ? 'x' : 'y';
		path[at++] = '/';
	}
	path[at++] = letters[fsx_random(&self->fsx, NAMES)];
	path[at] = 0;
}

/* Errors that others' operations explain. */
static void allow(const worker_t *self, const char *what, ax_err_t error)
{
	switch (error) {
	case AX_OK:
	case AX_ERR_NOT_FOUND:
	case AX_ERR_ALREADY_EXISTS:
		return;
	default:
		fsx_fail(&self->fsx, what, error);
	}
}

static void make(worker_t *self)
{
	char path[8];
	size_t done = 0;
	AX_SCOPED_FILE file = {};
	random_path(self, path);
	ax_err_t error = ax_file_open(path, AX_OPEN_WRITE | AX_OPEN_CREATE | AX_OPEN_EXCLUSIVE, &file);
	allow(self, path, error);
	if (error != AX_OK)
		return;
	const uint32_t number = fsx_random(&self->fsx, UINT32_MAX);
	for (size_t i = 0; i < WORDS; i++)
		self->words[i] = number;
	error = ax_file_write(&file, self->words, sizeof self->words, &done); /* one operation: all or nothing is seen */
	if (error != AX_OK || done != sizeof self->words)
		fsx_fail(&self->fsx, "write", error);
}

static void look(worker_t *self)
{
	char path[8];
	size_t done = 0;
	AX_SCOPED_FILE file = {};
	random_path(self, path);
	ax_err_t error = ax_file_open(path, AX_OPEN_READ, &file);
	allow(self, path, error);
	if (error != AX_OK)
		return;
	error = ax_file_read(&file, self->words, sizeof self->words, &done);
	if (error != AX_OK || (done != 0 && done != sizeof self->words))
		fsx_fail(&self->fsx, "read", error);
	for (size_t i = 0; i < done / sizeof *self->words; i++) {
		if (self->words[i] != self->words[0])
			fsx_fail(&self->fsx, "a file is torn", AX_ERR_IO);
	}
}

static void unlink(worker_t *self)
{
	char path[8];
	random_path(self, path);
	allow(self, path, ax_path_unlink(path));
}

static void rename(worker_t *self)
{
	char from[8], to[8];
	random_path(self, from);
	random_path(self, to);
	allow(self, from, ax_path_rename(from, to));
}

static void link(worker_t *self)
{
	char from[8], to[8];
	random_path(self, from);
	random_path(self, to);
	allow(self, from, ax_path_link(from, to));
}

/* The directory is away for a moment: names in it are missing meanwhile. */
static void move_directory(worker_t *self)
{
	const bool back = fsx_random(&self->fsx, 2);
	allow(self, "x", ax_path_rename(back ? "z" : "x", back ? "x" : "z"));
}

static void list(worker_t *self)
{
	AX_SCOPED_DIR dir = {};
	ax_dir_entry_t entry;
	ax_err_t error = ax_dir_open("y", &dir);
	while (error == AX_OK)
		error = ax_dir_read(&dir, &entry);
	allow(self, "y", error);
}

static void stat(worker_t *self)
{
	char path[8];
	ax_stat_t found;
	random_path(self, path);
	allow(self, path, ax_path_stat(path, &found));
}

static void *work(void *argument)
{
	static void (*const calls[])(worker_t *) = {
		make, make, make, look, look, look, unlink, unlink, rename, rename, link, move_directory, list, stat,
	};
	worker_t *self = argument;
	for (unsigned long i = 0; i < self->operations; i++) {
		self->fsx.operation = i;
		calls[fsx_random(&self->fsx, ARRAY_SIZE(calls))](self);
	}
	return NULL;
}

static void remove_all(fsx_t *fsx, const char *directory)
{
	AX_SCOPED_FILE at = {};
	ax_dir_entry_t entry;
	ax_err_t error = ax_file_open(directory, AX_OPEN_READ | AX_OPEN_DIRECTORY, &at);
	if (error == AX_ERR_NOT_FOUND) /* "x" may be "z" */
		return;
	ax_dir_t dir = { .file = at };
	while (error == AX_OK && ax_dir_read(&dir, &entry) == AX_OK) {
		if (entry.name[0] != '.' && entry.type == VFS_REGULAR)
			error = ax_path_unlink_at(&at, entry.name, 0);
	}
	if (error == AX_OK)
		error = ax_path_remove_directory(directory);
	if (error != AX_OK)
		fsx_fail(fsx, directory, error);
}

static vfs_statfs_t look_at_all(fsx_t *fsx)
{
	vfs_statfs_t stat;
	ax_err_t error = ax_path_statfs_at(NULL, ".", &stat);
	if (error != AX_OK)
		fsx_fail(fsx, "statfs", error);
	return stat;
}

void fsx_threads(fsx_t *fsx, unsigned long operations)
{
	static worker_t workers[THREADS];
	const char *const directories[] = { "/fsx/x", "/fsx/y", "/fsx/z", "/fsx" };
	const vfs_statfs_t before = look_at_all(fsx);
	const char *const made[] = { "/fsx", "/fsx/x", "/fsx/y" };
	ax_err_t error = AX_OK;
	for (size_t i = 0; i < ARRAY_SIZE(made) && error == AX_OK; i++)
		error = ax_path_make_directory(made[i]);
	if (error == AX_OK)
		error = ax_path_change("/fsx");
	for (unsigned i = 0; i < THREADS && error == AX_OK; i++) {
		workers[i] = (worker_t){ .fsx = *fsx, .operations = operations };
		workers[i].fsx.random = fsx->random + i * UINT64_C(0x9e3779b97f4a7c15);
		error = ax_thread_spawn(work, &workers[i], &workers[i].thread);
	}
	for (unsigned i = 0; i < THREADS && error == AX_OK; i++)
		error = ax_thread_join(workers[i].thread, NULL);
	if (error == AX_OK)
		error = ax_path_change("/");
	if (error != AX_OK)
		fsx_fail(fsx, "threads", error);
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		remove_all(fsx, directories[i]);
	const vfs_statfs_t after = look_at_all(fsx);
	if (after.nodes != before.nodes || after.free_blocks != before.free_blocks)
		fsx_fail(fsx, "nodes or blocks are lost", AX_ERR_IO);
}
