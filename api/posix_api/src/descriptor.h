/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors. A descriptor is a slot that points to an open file; several slots may point to one (dup). An
 * open file knows its kind by a table of operations: consoles and packed files coexist in one image.
 *
 * No lock: a slot is claimed and cleared by one atomic operation, and open files live in a fixed pool, so that a thread
 * that reads a slot while another closes it finds a file with no references (and fails with EBADF), never freed memory.
 */
#pragma once

#include <posix_api/abi.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POSIX_DESCRIPTORS = 128 };

typedef struct posix_file posix_file_t;

/* Each returns a value or a negated errno. A kind leaves out what it cannot do. */
typedef struct posix_file_ops {
	long (*read)(posix_file_t *file, void *buffer, size_t length);
	long (*write)(posix_file_t *file, const void *buffer, size_t length);
	long (*pread)(posix_file_t *file, void *buffer, size_t length, uint64_t offset);
	long (*seek)(posix_file_t *file, int64_t offset, int whence);
	long (*stat)(posix_file_t *file, struct ax_stat *stat);
	long (*ioctl)(posix_file_t *file, unsigned long request, void *argument);
	long (*getdents)(posix_file_t *file, void *buffer, size_t length);
} posix_file_ops_t;

struct posix_file {
	const posix_file_ops_t *ops;
	atomic_uint references; /* 0: free */
	int flags;              /* of open() and F_SETFL */
	uint64_t position;      /* bytes; its users are the file's operations */
	const void *data;       /* the operations' own */
	size_t size_bytes;
	uint64_t tag;
};

/** The open file behind @p fd with a reference for the caller, or NULL. Give back with posix_file_put(). */
posix_file_t *posix_file_get(int fd);
void posix_file_put(posix_file_t *file);

/** A free open file with one reference, or NULL. */
posix_file_t *posix_file_new(const posix_file_ops_t *ops, int flags);

/** The lowest free descriptor from @p lowest on, taking over the caller's reference; or a negated errno. */
long posix_descriptor_install(posix_file_t *file, int lowest);

extern const posix_file_ops_t posix_console_ops;
