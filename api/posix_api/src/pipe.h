/* SPDX-License-Identifier: Apache-2.0 */
/* A pipe: what pipe.c and fifo.c share. */
#pragma once

#include "descriptor.h"

typedef struct pipe pipe_t;

/** Of a pipe that is found by its name. */
typedef struct pipe_owner {
	posix_lock_t *lock;              /* held when the last user leaves, before the pipe's own */
	void (*release)(pipe_t *pipe);   /* that has happened: frees the structure */
	long (*stat)(pipe_t *pipe, struct ax_stat *stat);
} pipe_owner_t;

struct pipe {
	const pipe_owner_t *owner; /* NULL: of pipe() */
	posix_lock_t lock;         /* protects the ring and who is there */
	posix_readiness_t readable, writable;
	char *ring;                /* NULL until something is written */
	size_t capacity, limit;    /* bytes */
	size_t taken, written;
	unsigned readers, writers; /* open files */
	unsigned reader_opens, writer_opens; /* how many there have been */
};

enum { PIPE_LIMIT_BYTES = 65536 };

extern const posix_file_ops_t posix_pipe_reader_ops, posix_pipe_writer_ops, posix_pipe_both_ops;
