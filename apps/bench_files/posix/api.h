/* SPDX-License-Identifier: Apache-2.0 */
/* The names that the loops use, for POSIX: in our image and on Linux. First of all headers. */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int bench_file_t;

#define BENCH_FILE_CLOSED -1

static inline bool bench_open(bench_file_t *file, const char *path)
{
	return (*file = open(path, O_RDWR)) >= 0;
}

static inline bool bench_create(bench_file_t *file, const char *path)
{
	return (*file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666)) >= 0;
}

static inline void bench_close(bench_file_t *file)
{
	close(*file);
}

static inline bool bench_read(bench_file_t *file, void *buffer, size_t bytes)
{
	return read(*file, buffer, bytes) == (ssize_t)bytes;
}

static inline bool bench_write(bench_file_t *file, const void *data, size_t bytes)
{
	return write(*file, data, bytes) == (ssize_t)bytes;
}

static inline bool bench_rewind(bench_file_t *file)
{
	return lseek(*file, 0, SEEK_SET) == 0;
}

static inline bool bench_unlink(const char *path)
{
	return unlink(path) == 0;
}

static inline bool bench_stat(const char *path)
{
	struct stat stat_;
	return stat(path, &stat_) == 0;
}
