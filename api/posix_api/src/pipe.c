/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipes (POSIX.1-2017, XSH pipe(), write()): a ring of bytes between open files for reading and open files for writing.
 * It begins with a page and doubles up to its limit as it fills. Up to PIPE_BUF bytes are written as a whole; a
 * blocking write of more may mix with those of others.
 *
 * Offsets count bytes since the beginning and are taken modulo the ring's size, a power of two.
 */
#include "pipe.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <base/base.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum {
	FIRST_BYTES = 4096,
	MOST_BYTES = 1048576,   /* F_SETPIPE_SZ */
};

static size_t filled(const pipe_t *pipe)
{
	return pipe->written - pipe->taken;
}

/* Between the ring and @p memory, from @p offset on. */
static void copy(pipe_t *pipe, size_t offset, void *memory, size_t bytes, bool into)
{
	while (bytes) {
		const size_t at = offset & (pipe->capacity - 1);
		const size_t count = AX_MIN(bytes, pipe->capacity - at);
		if (into)
			memcpy(pipe->ring + at, memory, count);
		else
			memcpy(memory, pipe->ring + at, count);
		memory = (char *)memory + count;
		offset += count;
		bytes -= count;
	}
}

/* Lock held. A ring of @p capacity bytes, a power of two that holds what is there. */
static long resize(pipe_t *pipe, size_t capacity)
{
	char *ring = axalloc_alloc(capacity, 0);
	if (!ring)
		return -AX_ERR_NO_MEMORY;
	const size_t count = filled(pipe);
	copy(pipe, pipe->taken, ring, count, false);
	axalloc_free(pipe->ring);
	pipe->ring = ring;
	pipe->capacity = capacity;
	pipe->taken = 0;
	pipe->written = count;
	return 0;
}

/* Lock held. Room for as much of @p wanted as the limit allows, if there is memory. */
static size_t make_room(pipe_t *pipe, size_t wanted)
{
	size_t capacity = pipe->capacity ? pipe->capacity : FIRST_BYTES;
	while (capacity < pipe->limit && capacity - filled(pipe) < wanted)
		capacity *= 2;
	if (capacity > pipe->capacity && resize(pipe, capacity) != 0)
		return pipe->capacity - filled(pipe);
	return pipe->capacity - filled(pipe);
}

static long pipe_read(posix_file_t *file, void *buffer, size_t length)
{
	pipe_t *pipe = file->object;
	posix_lock(&pipe->lock);
	const size_t count = AX_MIN(length, filled(pipe));
	const bool ended = !pipe->writers;
	copy(pipe, pipe->taken, buffer, count, false);
	pipe->taken += count;
	posix_unlock(&pipe->lock);
	if (count)
		posix_readiness_notify(&pipe->writable, AX_POLLOUT | AX_POLLWRNORM);
	if (count && pipe->owner) /* an end for both watches this one */
		posix_readiness_notify(&pipe->readable, AX_POLLOUT | AX_POLLWRNORM);
	return count || ended || !length ? (long)count : -AX_ERR_WOULD_BLOCK;
}

static long pipe_write(posix_file_t *file, const void *buffer, size_t length)
{
	pipe_t *pipe = file->object;
	if (!length)
		return 0;
	posix_lock(&pipe->lock);
	const bool broken = !pipe->readers;
	size_t count = broken ? 0 : AX_MIN(length, make_room(pipe, length));
	if (length <= AX_PIPE_BUF && count < length)
		count = 0;
	const bool no_memory = !broken && !pipe->ring;
	copy(pipe, pipe->written, (void *)(uintptr_t)buffer, count, true);
	pipe->written += count;
	posix_unlock(&pipe->lock);
	if (broken)
		return posix_broken_pipe();
	if (no_memory)
		return -AX_ERR_NO_MEMORY;
	if (!count)
		return -AX_ERR_WOULD_BLOCK;
	posix_readiness_notify(&pipe->readable, AX_POLLIN | AX_POLLRDNORM);
	return (long)count;
}

static unsigned reader_events(posix_file_t *file)
{
	pipe_t *pipe = file->object;
	POSIX_LOCK(&pipe->lock);
	return (filled(pipe) ? AX_POLLIN | AX_POLLRDNORM : 0) | (pipe->writers || !pipe->writer_opens ? 0 : AX_POLLHUP);
}

static unsigned writer_events(posix_file_t *file)
{
	pipe_t *pipe = file->object;
	POSIX_LOCK(&pipe->lock);
	const size_t room = AX_MAX(pipe->limit, pipe->capacity) - filled(pipe);
	return (room >= AX_PIPE_BUF ? AX_POLLOUT | AX_POLLWRNORM : 0) | (pipe->readers ? 0 : AX_POLLERR);
}

static unsigned both_events(posix_file_t *file)
{
	return reader_events(file) | writer_events(file);
}

static long pipe_stat(posix_file_t *file, struct ax_stat *stat)
{
	pipe_t *pipe = file->object;
	if (pipe->owner)
		return pipe->owner->stat(pipe, stat);
	*stat = (struct ax_stat){
		.st_ino = (uintptr_t)pipe, .st_nlink = 1, .st_mode = AX_S_IFIFO | 0600, .st_blksize = AX_PIPE_BUF,
	};
	return 0;
}

static long pipe_ioctl(posix_file_t *file, unsigned long request, void *argument)
{
	pipe_t *pipe = file->object;
	if (request != AX_FIONREAD)
		return -AX_ERR_NOT_A_TERMINAL;
	POSIX_LOCK(&pipe->lock);
	*(int *)argument = (int)filled(pipe);
	return 0;
}

static long pipe_fcntl(posix_file_t *file, int command, unsigned long argument)
{
	pipe_t *pipe = file->object;
	if (command != AX_F_GETPIPE_SZ && command != AX_F_SETPIPE_SZ)
		return -AX_ERR_INVALID_INPUT;
	POSIX_LOCK(&pipe->lock);
	if (command == AX_F_GETPIPE_SZ)
		return (long)pipe->limit;
	if (argument > MOST_BYTES)
		return -AX_ERR_NOT_PERMITTED;
	size_t limit = FIRST_BYTES;
	while (limit < argument)
		limit *= 2;
	if (filled(pipe) > limit)
		return -AX_ERR_BUSY;
	const long error = pipe->capacity > limit ? resize(pipe, limit) : 0;
	if (!error)
		pipe->limit = limit;
	return error ? error : (long)limit;
}

/* The last one frees the pipe. */
static void leave(pipe_t *pipe, bool reading, bool writing)
{
	const pipe_owner_t *owner = pipe->owner;
	if (owner)
		posix_lock(owner->lock);
	posix_lock(&pipe->lock);
	pipe->readers -= reading;
	pipe->writers -= writing;
	const bool no_reader = !pipe->readers, no_writer = !pipe->writers;
	posix_unlock(&pipe->lock);
	if (no_reader && no_writer) {
		axalloc_free(pipe->ring);
		if (owner)
			owner->release(pipe);
		else
			axalloc_free(pipe);
	} else if (reading && no_reader) {
		posix_readiness_notify(&pipe->writable, AX_POLLERR);
	} else if (writing && no_writer) {
		posix_readiness_notify(&pipe->readable, AX_POLLHUP);
	}
	if (owner)
		posix_unlock(owner->lock);
}

static void reader_release(posix_file_t *file)
{
	leave(file->object, true, false);
}

static void writer_release(posix_file_t *file)
{
	leave(file->object, false, true);
}

static void both_release(posix_file_t *file)
{
	leave(file->object, true, true);
}

const posix_file_ops_t posix_pipe_reader_ops = {
	.read = pipe_read, .stat = pipe_stat, .ioctl = pipe_ioctl, .fcntl = pipe_fcntl,
	.events = reader_events, .release = reader_release,
};
const posix_file_ops_t posix_pipe_writer_ops = {
	.write = pipe_write, .stat = pipe_stat, .ioctl = pipe_ioctl, .fcntl = pipe_fcntl,
	.events = writer_events, .release = writer_release,
};
const posix_file_ops_t posix_pipe_both_ops = {
	.read = pipe_read, .write = pipe_write, .stat = pipe_stat, .ioctl = pipe_ioctl, .fcntl = pipe_fcntl,
	.events = both_events, .release = both_release,
};

static long make_pipe(int descriptors[2], int flags)
{
	pipe_t *pipe = axalloc_alloc(sizeof *pipe, 0);
	posix_file_t *reader = pipe ? posix_file_new(&posix_pipe_reader_ops, AX_O_RDONLY | flags) : NULL;
	posix_file_t *writer = reader ? posix_file_new(&posix_pipe_writer_ops, AX_O_WRONLY | flags) : NULL;
	if (!pipe)
		return -AX_ERR_NO_MEMORY;
	*pipe = (pipe_t){ .limit = PIPE_LIMIT_BYTES, .readers = 1, .writers = 1, .reader_opens = 1, .writer_opens = 1 };
	if (!reader) {
		axalloc_free(pipe);
		return -AX_ERR_NO_MEMORY;
	}
	reader->object = pipe;
	reader->readiness = &pipe->readable;
	if (!writer) {
		pipe->writers = 0;
	} else {
		writer->object = pipe;
		writer->readiness = &pipe->writable;
	}
	return posix_descriptor_install_pair(reader, writer, flags, descriptors);
}

long ax_sys_pipe2(int *descriptors, int flags)
{
	POSIX_CALL();
	if (flags & ~(AX_O_CLOEXEC | AX_O_NONBLOCK))
		return -AX_ERR_INVALID_INPUT;
	return make_pipe(descriptors, flags);
}

long ax_sys_pipe(int *descriptors)
{
	return ax_sys_pipe2(descriptors, 0);
}
