/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipes by name (POSIX.1-2017, XSH mkfifo(), open()). A FIFO's pipe is there while somebody has it open. Opening for reading
 * waits until somebody has opened it for writing, and the other way round; O_NONBLOCK does not wait, and cannot open for
 * writing what nobody reads. For both at once it opens at once, as on Linux.
 */
#include "fifo.h"

#include "pipe.h"
#include "vfs.h"

#include <axalloc/axalloc.h>

typedef struct fifo {
	pipe_t pipe;
	struct fifo *next;
	ax_file_t file; /* holds the node */
} fifo_t;

static posix_lock_t s_lock; /* protects the list, and who opens and leaves */
static fifo_t *s_fifos;

static void fifo_release(pipe_t *pipe)
{
	fifo_t *fifo = container_of(pipe, fifo_t, pipe);
	fifo_t **link = &s_fifos;
	while (*link != fifo)
		link = &(*link)->next;
	*link = fifo->next;
	ax_file_close(&fifo->file);
	axalloc_free(fifo);
}

static long fifo_stat(pipe_t *pipe, struct ax_stat *stat)
{
	ax_stat_t from;
	const ax_err_t error = ax_file_stat(&container_of(pipe, fifo_t, pipe)->file, &from);
	if (error == AX_OK)
		*stat = posix_stat_of(&from);
	return posix_result(error);
}

static const pipe_owner_t s_owner = { .lock = &s_lock, .release = fifo_release, .stat = fifo_stat };

/* Lock held. The FIFO of this node, which takes over the file if it is new. */
static fifo_t *find(ax_file_t *file)
{
	fifo_t *fifo = s_fifos;
	while (fifo && fifo->file.node != file->node)
		fifo = fifo->next;
	if (fifo) {
		ax_file_close(file);
		return fifo;
	}
	fifo = axalloc_alloc(sizeof *fifo, 0);
	if (!fifo)
		return NULL;
	*fifo = (fifo_t){ .pipe = { .owner = &s_owner, .limit = PIPE_LIMIT_BYTES }, .next = s_fifos, .file = *file };
	s_fifos = fifo;
	return fifo;
}

/* While it is being opened: the event is that the other end has been opened. */
typedef struct opening {
	pipe_t *pipe;
	const unsigned *opens;
	unsigned before;
} opening_t;

static unsigned opening_events(posix_file_t *file)
{
	const opening_t *opening = file->object;
	POSIX_LOCK(&opening->pipe->lock);
	return *opening->opens != opening->before ? AX_POLLIN : 0;
}

static const posix_file_ops_t s_opening_ops = { .events = opening_events };

/* One more end; which it is. Lock held. */
static const posix_file_ops_t *enter(pipe_t *pipe, int access)
{
	POSIX_LOCK(&pipe->lock);
	if (access != AX_O_WRONLY) {
		pipe->readers++;
		pipe->reader_opens++;
	}
	if (access != AX_O_RDONLY) {
		pipe->writers++;
		pipe->writer_opens++;
	}
	return access == AX_O_RDONLY ? &posix_pipe_reader_ops : access == AX_O_WRONLY ? &posix_pipe_writer_ops
										      : &posix_pipe_both_ops;
}

/* The file becomes an end of the pipe. @p wait: whether the other end is still to come */
static long begin(posix_file_t *file, opening_t *opening, const posix_file_ops_t **ops, bool *wait)
{
	const int access = file->flags & AX_O_ACCMODE;
	POSIX_LOCK(&s_lock);
	fifo_t *fifo = find(&file->file);
	if (!fifo)
		return -AX_ERR_NO_MEMORY;
	pipe_t *pipe = &fifo->pipe;
	const bool alone = access == AX_O_RDONLY ? !pipe->writers : access == AX_O_WRONLY && !pipe->readers;
	if (alone && access == AX_O_WRONLY && (file->flags & AX_O_NONBLOCK)) {
		if (!pipe->readers && !pipe->writers)
			fifo_release(pipe);
		file->ops = &s_opening_ops; /* the node is given back */
		return -AX_ERR_NO_SUCH_ADDRESS;
	}
	*opening = (opening_t){ .pipe = pipe, .opens = access == AX_O_RDONLY ? &pipe->writer_opens : &pipe->reader_opens };
	opening->before = *opening->opens;
	*ops = enter(pipe, access);
	*wait = alone && !(file->flags & AX_O_NONBLOCK);
	file->readiness = access == AX_O_WRONLY ? &pipe->writable : &pipe->readable;
	return 0;
}

long posix_fifo_open(posix_file_t *file)
{
	opening_t opening;
	const posix_file_ops_t *ops;
	bool wait;
	long error = begin(file, &opening, &ops, &wait);
	if (error)
		return error;
	pipe_t *pipe = opening.pipe;
	posix_readiness_notify(&pipe->readable, AX_POLLIN);
	posix_readiness_notify(&pipe->writable, AX_POLLOUT);
	if (wait) {
		file->ops = &s_opening_ops;
		file->object = &opening;
		error = posix_file_wait(file, AX_POLLIN, UINT64_MAX);
	}
	file->ops = ops;
	file->object = pipe;
	return error;
}
