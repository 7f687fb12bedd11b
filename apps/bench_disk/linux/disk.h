/* SPDX-License-Identifier: Apache-2.0 */
/* The names that main.c uses, for Linux: the block device /dev/vda past the page cache. */
#pragma once

#define _GNU_SOURCE

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int disk_t;

#define disk_print printf

static inline bool disk_open(disk_t *disk, uint64_t *bytes)
{
	*disk = open("/dev/vda", O_RDWR | O_DIRECT | O_CLOEXEC);
	off_t end = *disk < 0 ? -1 : lseek(*disk, 0, SEEK_END);
	*bytes = end < 0 ? 0 : (uint64_t)end;
	return end >= 0;
}

static inline void *disk_buffer(size_t bytes)
{
	return aligned_alloc(4096, bytes);
}

static inline bool disk_transfer(disk_t disk, bool writes, uint64_t offset, void *buffer, size_t bytes)
{
	ssize_t done = writes ? pwrite(disk, buffer, bytes, (off_t)offset) : pread(disk, buffer, bytes, (off_t)offset);
	return done == (ssize_t)bytes;
}

static inline bool disk_flush(disk_t disk)
{
	return fsync(disk) == 0;
}

static inline uint64_t disk_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
