/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors. A descriptor is a slot that points to an open file (an "open file description"); several slots may
 * point to one (dup). An open file knows its kind by a table of operations: files, pipes, consoles, sockets coexist.
 *
 * References: each slot that points to a file has one, and each call has one while it uses the file, so that close() in
 * one thread leaves the others theirs; the last one releases the object behind it. On one CPU a look-up is two loads and an
 * increment. On several it is lock-free: slots are read without a lock, the memory of open files stays that of open
 * files for ever, and a file without references cannot be taken any more (descriptor.c). Slots are written under a lock.
 *
 * A new kind (a socket, say) is an object, a posix_file_ops_t and posix_file_new() with posix_descriptor_install():
 *	- it gives what it has to give at once, else -AX_ERR_WOULD_BLOCK: posix_file_read() and posix_file_write() wait for
 *	  it, unless O_NONBLOCK says not to;
 *	- `readiness` is where it tells of changes (readiness.h), events() what there is now; poll, select and epoll need
 *	  nothing else;
 *	- release() is called once, by whoever gives the last reference back.
 */
#pragma once

#include "readiness.h"
#include "wait.h"

#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <posix_api/abi_io.h>
#include <posix_api/features.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if POSIX_API_FEATURE_FS
#include <axfs/file.h>
#endif

typedef struct posix_file posix_file_t;

/*
 * Each returns a value or a negated errno. A kind leaves out what it cannot do; what is answered then stands in brackets.
 * Thread context, handlers held (threads.h), no lock held: they may sleep.
 */
typedef struct posix_file_ops {
	/* Never wait for what events() tells of: -AX_ERR_WOULD_BLOCK. [EBADF, as for a file that is not open for it] */
	long (*read)(posix_file_t *file, void *buffer, size_t length);
	long (*write)(posix_file_t *file, const void *buffer, size_t length);
	/* As one operation. [one piece after the other, until one falls short] */
	long (*readv)(posix_file_t *file, const struct ax_iovec *vector, int count);
	long (*writev)(posix_file_t *file, const struct ax_iovec *vector, int count);
	long (*pread)(posix_file_t *file, void *buffer, size_t length, uint64_t offset);         /* [ESPIPE] */
	long (*pwrite)(posix_file_t *file, const void *buffer, size_t length, uint64_t offset);  /* [ESPIPE] */
	long (*seek)(posix_file_t *file, int64_t offset, int whence);                            /* [ESPIPE] */
	long (*stat)(posix_file_t *file, struct ax_stat *stat);                                  /* required */
	long (*ioctl)(posix_file_t *file, unsigned long request, void *argument);                /* [ENOTTY] */
	long (*getdents)(posix_file_t *file, void *buffer, size_t length);                       /* [ENOTDIR] */
	long (*fcntl)(posix_file_t *file, int command, unsigned long argument);                  /* [EINVAL] */
	/* `flags` is about to become this. [nothing to do] */
	void (*set_flags)(posix_file_t *file, int flags);
	/* What there is now: AX_POLLIN | AX_POLLRDNORM ... Required of a kind with `readiness`; others are always ready. */
	unsigned (*events)(posix_file_t *file);
	/* The last reference is gone. [nothing to release] */
	void (*release)(posix_file_t *file);
} posix_file_ops_t;

struct posix_file {
	const posix_file_ops_t *ops;
	unsigned references;          /* 0: free. Atomic with `smp` */
	int flags;                    /* of open() and F_SETFL */
	posix_readiness_t *readiness; /* NULL: always ready */
	struct posix_epoll_item *items; /* by which epolls watch it (epoll.c) */
	union {
		posix_file_t *next_free;
		void *object;         /* the kind's own */
		struct {
			const void *data;
			size_t size_bytes;
			uint64_t position, inode;
		} packed;             /* a file of the image (packed.c) */
#if POSIX_API_FEATURE_FS
		struct {
			ax_file_t file;
			posix_lock_t position_lock; /* of who moves the position */
		};
#endif
	};
};

/** Where descriptors lead: slots below the count. Written with the table's lock held; the count grows last. */
extern posix_file_t **posix_slots;
extern unsigned posix_slot_count;

/*
 * posix_file_t *posix_file_get(int fd)		the open file behind @p fd with a reference for the caller, or NULL
 * void posix_file_hold(posix_file_t *file)	another reference, for who has one
 * bool posix_file_drop(posix_file_t *file)	give one back; true if it was the last: see posix_file_put()
 */
void posix_file_free(posix_file_t *file);
#if POSIX_API_FEATURE_SMP
#include "references_smp.h"
#else
#include "references_up.h"
#endif

/** Give a reference back; the last one releases the object, and the open file is free (posix_file_free()). */
static AX_ALWAYS_INLINE void posix_file_put(posix_file_t *file)
{
	if (unlikely(posix_file_drop(file)))
		posix_file_free(file);
}

static inline void posix_file_leave_scope(posix_file_t *const *file)
{
	if (likely(*file))
		posix_file_put(*file);
}

/** `POSIX_FILE(file, fd);`: the open file or NULL, given back when the scope is left. */
#define POSIX_FILE(name, fd) AX_CLEANUP(posix_file_leave_scope) posix_file_t *const name = posix_file_get(fd)

/** A free open file with one reference, all else zero; or NULL: no memory. */
posix_file_t *posix_file_new(const posix_file_ops_t *ops, int flags);

/**
 * The lowest free descriptor from @p lowest on, with close-on-exec if @p flags has O_CLOEXEC. Takes over the caller's
 * reference, on an error too, and NULL: then -ENOMEM.
 */
long posix_descriptor_install(posix_file_t *file, int lowest, int flags);

/** Two at once, or none: for pipe() and socketpair(). */
long posix_descriptor_install_pair(posix_file_t *first, posix_file_t *second, int flags, int descriptors[2]);

/** RLIMIT_NOFILE. Setting: 0 or a negated errno. */
struct ax_rlimit posix_descriptor_limits(void);
long posix_set_descriptor_limits(const struct ax_rlimit *limits);

/** Called with a file that an epoll watches, before it is released. Set by epoll.c. */
extern void (*posix_file_forget)(posix_file_t *file);

/** Called before files are asked whether they are ready: what has arrived for them is taken in. Set by inet.c, or NULL. */
extern void (*posix_take_in)(void);

/**
 * Sleep until events() has one of @p events, or an error or a hang-up. Handlers are held; they run meanwhile.
 * @return 0, -EINTR, or -EAGAIN: the deadline passed
 */
long posix_file_wait(posix_file_t *file, unsigned events, uint64_t deadline_ns);

/** The same, but on a signal it returns before handlers run: ax_posix_wait_interrupted() is the caller's to call.
 *  @retval AX_ERR_TIMED_OUT, AX_ERR_INTERRUPTED  as posix_sleep_until() */
ax_err_t posix_file_wait_once(posix_file_t *file, unsigned events, uint64_t deadline_ns);

/** read() and write() on an open file, waiting unless it is non-blocking. Handlers are held. */
long posix_file_read(posix_file_t *file, void *buffer, size_t length);
long posix_file_write(posix_file_t *file, const void *buffer, size_t length);

/** What is there now, for poll and epoll. Handlers are held. */
static inline unsigned posix_file_events(posix_file_t *file)
{
	return file->readiness ? file->ops->events(file) : AX_POLLIN | AX_POLLRDNORM | AX_POLLOUT | AX_POLLWRNORM;
}

/** SIGPIPE for the caller, who has written to what nobody reads any more; -EPIPE. */
long posix_broken_pipe(void);

/* Files of axfs (vfs_file.c), without the table: most reads and writes are theirs. */
extern const posix_file_ops_t posix_vfs_ops;
long posix_vfs_read(posix_file_t *file, void *buffer, size_t length);
long posix_vfs_write(posix_file_t *file, const void *buffer, size_t length);

static inline bool posix_is_vfs([[maybe_unused]] const posix_file_t *file)
{
	return POSIX_API_FEATURE_FS && file->ops == &posix_vfs_ops;
}

extern const posix_file_ops_t posix_console_ops;
extern posix_readiness_t posix_console_readiness;
