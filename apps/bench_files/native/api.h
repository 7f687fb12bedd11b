/* SPDX-License-Identifier: Apache-2.0 */
/* The names that the loops use, for the native API: a file is an object in the caller's frame. */
#pragma once

#include <axstd/axstd.h>

typedef ax_file_t bench_file_t;

#define BENCH_FILE_CLOSED {}

static inline bool bench_open(bench_file_t *file, const char *path)
{
	return ax_file_open(path, AX_OPEN_READ_WRITE, file) == AX_OK;
}

static inline bool bench_create(bench_file_t *file, const char *path)
{
	return ax_file_open(path, AX_OPEN_READ_WRITE | AX_OPEN_CREATE | AX_OPEN_TRUNCATE, file) == AX_OK;
}

static inline void bench_close(bench_file_t *file)
{
	ax_file_close(file);
}

static inline bool bench_read(bench_file_t *file, void *buffer, size_t bytes)
{
	size_t done;
	return ax_file_read(file, buffer, bytes, &done) == AX_OK && done == bytes;
}

static inline bool bench_write(bench_file_t *file, const void *data, size_t bytes)
{
	size_t done;
	return ax_file_write(file, data, bytes, &done) == AX_OK && done == bytes;
}

static inline bool bench_rewind(bench_file_t *file)
{
	return ax_file_seek(file, 0, AX_SEEK_FROM_START, NULL) == AX_OK;
}

static inline bool bench_unlink(const char *path)
{
	return ax_path_unlink(path) == AX_OK;
}

static inline bool bench_stat(const char *path)
{
	ax_stat_t stat;
	return ax_path_stat(path, &stat) == AX_OK;
}
