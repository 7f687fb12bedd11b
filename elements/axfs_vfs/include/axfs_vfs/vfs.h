/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file system is to its users.
 *
 * A file system is an element. It makes a vfs_t when it is mounted (ramfs_mount(), fat_mount(), ...), and from then
 * on is asked through the operations of vfs_ops_t. What it holds are nodes: files, directories, symbolic links,
 * devices. A file system puts a vfs_node_t into its own structure (container_of() leads back), fills it when the node
 * comes into memory, and keeps size and links true; everything else in it belongs to the user, once the node has been
 * handed out.
 *
 * Names are counted, not terminated, and one component long: never empty, ".", "..", longer than VFS_NAME_MAX, or
 * with a '/' or a NUL in it. Paths, mounts, permissions, the cache of names, times and open files are the user's
 * matter (axfs).
 *
 * Who serializes: the user. No two operations run on the same node at the same time, with these nodes held: the
 * directory in lookup, create, read_directory; the directory and the node in link and unlink; both directories, the
 * node and the one that it replaces in rename; else the node itself; nothing for read, write, fsync and control of
 * devices, which order themselves, and may sleep. A rename of a directory into another one runs alone in its file
 * system. Operations on different nodes may run at the same time on several CPUs, unless the file system says
 * VFS_SERIAL: then one operation runs in it at a time. A file system that waits for a device says VFS_SLEEPS, and is
 * held by locks under which one may sleep; one that does not must never sleep. What a file system shares between its
 * nodes (free blocks, the table of nodes) it protects itself, unless it says VFS_SERIAL. An image with a single
 * thread has no locks at all.
 *
 * Errors are the operations' own and these: AX_ERR_IO (the device failed, or what lies on it is damaged: nothing was
 * touched out of bounds, and the call ends), AX_ERR_NO_MEMORY, AX_ERR_READ_ONLY. An operation that fails has changed
 * nothing, unless it says otherwise. An operation that is NULL is one that the file system does not have; what users
 * answer then stands beside it.
 *
 * One file system in the image: its users call it directly, with no table (see VFS_OPS in
 * doc/how-to-add-a-file-system.md). Several: through `ops` of the node.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/features.h>
#include <axfs_vfs/host.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum {
	VFS_NAME_MAX = 255,
	VFS_PAGE_BYTES = 4096, /* of map_page() */
};

/** Type of a node, in `mode`: the numbers of <sys/stat.h> (POSIX leaves them open; these are Linux's). */
enum {
	VFS_TYPE_MASK = 0170000,
	VFS_PIPE = 0010000,
	VFS_CHARACTER_DEVICE = 0020000,
	VFS_DIRECTORY = 0040000,
	VFS_BLOCK_DEVICE = 0060000,
	VFS_REGULAR = 0100000,
	VFS_SYMLINK = 0120000,
	VFS_SOCKET = 0140000,
	VFS_PERMISSIONS = 07777, /* the rest of `mode` */
};

typedef struct vfs vfs_t;
typedef struct vfs_node vfs_node_t;

/**
 * Room for a lock of the user's (an ax_mutex_t or a spin lock); zeroed by who makes the node. Without `locks`: none.
 */
typedef struct vfs_lock {
#if AXFS_VFS_FEATURE_LOCKS
	_Alignas(uintptr_t) unsigned char bytes[4 * sizeof(uintptr_t)];
#endif
} vfs_lock_t;

typedef struct vfs_ops vfs_ops_t;

/** Times that are due: an operation has happened, and what its time is nobody has asked yet (vfs_node_stamp()). */
enum {
	VFS_ACCESSED = 1, /* read */
	VFS_MODIFIED = 2, /* contents written */
	VFS_CHANGED = 4,  /* attributes, links or contents changed */
};

/**
 * A file, directory, symbolic link, or device in memory. While it is there it is the truth about its attributes: what a
 * file system keeps elsewhere it learns by store_attributes(). Times are nanoseconds since 1970-01-01 UTC.
 */
struct vfs_node {
	const vfs_ops_t *ops;
	vfs_t *fs;
	uint64_t size;          /* of a file, bytes; of a symbolic link, of its target. File system */
	uint32_t references;    /* vfs_node_get(), vfs_node_put() */
	uint32_t due;           /* times: VFS_ACCESSED ... User */
	uint32_t mode;          /* type and permissions. User, after creation */
	uint32_t links;         /* names that it has; 0: gone when the last reference is. File system */
	uint32_t uid, gid;      /* user */
	uint64_t number;        /* the inode number: unique in its file system while the node has links or references */
	uint64_t device;        /* of a device: which (makedev() of Linux). File system */
	int64_t accessed_ns, modified_ns, changed_ns, created_ns; /* user */
	uint64_t blocks;        /* of 512 bytes, taken up in the file system: kept, or filled in by load_attributes() */
	uint32_t unsaved;       /* attributes changed since store_attributes(): VFS_SET_... User */
	uint32_t mappings;      /* pages handed out by map_page(). File system */
	uint32_t flags;         /* VFS_STREAM. File system */
	vfs_lock_t lock;        /* user */
	void *user;             /* the user's own; NULL at first */
};

/** A node's `flags`: it has no positions: offsets mean nothing, and seeking is an error. */
enum {
	VFS_STREAM = 1,
};

/** Attributes, for store_attributes(). */
enum {
	VFS_SET_MODE = 1,
	VFS_SET_OWNER = 2, /* uid, gid */
	VFS_SET_TIMES = 4,
};

/** What a file system is. Bits of vfs_t's `flags`. */
enum {
	VFS_READ_ONLY = 1,  /* nothing can change: users refuse with AX_ERR_READ_ONLY before they ask */
	VFS_SLEEPS = 2,     /* operations may sleep */
	VFS_SERIAL = 4,     /* one operation at a time in the whole file system, release() included */
	VFS_NO_CACHE = 8,   /* names come and go by themselves (a network, a table of threads): remember none */
	VFS_NO_SPARSE = 16, /* a write behind the end fills the gap with zeroes on the device (FAT) */
	VFS_NO_OWNERS = 32, /* mode and owner cannot be changed but for the owner's write permission (FAT) */
};

/** A mounted file system. Made by the file system's own mount function, ended by its unmount operation. */
struct vfs {
	const vfs_ops_t *ops;
	const vfs_host_t *host;
	const char *kind;         /* "ramfs", "fat": static */
	const char *source;       /* what is mounted, for who lists mounts: a device's name, or the kind. Lives as long */
	uint32_t flags;           /* VFS_READ_ONLY ... */
	uint32_t block_bytes;     /* the size that suits it for I/O */
	vfs_node_t *root;         /* one reference, the file system's */
	vfs_lock_t lock;          /* of who serializes; zeroed at first */
	void *user;               /* likewise */
};

typedef struct vfs_statfs {
	uint64_t block_bytes;
	uint64_t blocks, free_blocks, available_blocks; /* available: to who is not root */
	uint64_t nodes, free_nodes;                     /* 0, 0: not limited by number */
	uint32_t name_max;                              /* bytes */
	uint32_t magic;                                 /* f_type of Linux's statfs(2) */
	uint64_t id;                                    /* a serial number, if it has one */
} vfs_statfs_t;

/** What create() makes. */
typedef struct vfs_new {
	uint32_t mode;         /* type and permissions */
	uint32_t uid, gid;
	uint64_t device;       /* of a device */
	const char *target;    /* of a symbolic link: counted */
	size_t target_bytes;
} vfs_new_t;

/** An entry of a directory, valid within the call. */
typedef struct vfs_entry {
	const char *name;
	size_t name_bytes;
	uint64_t number;       /* of the node */
	uint32_t type;         /* VFS_REGULAR ..., or 0 if that is not known without a look at the node */
	uint64_t next;         /* the cookie behind this entry */
} vfs_entry_t;

/** Takes @p entry; false if it has no room: then the walk ends, and this entry has not been taken. Must not sleep. */
typedef bool vfs_emit_t(void *context, const vfs_entry_t *entry);

/** The operations. NULL stands for what the comment says in brackets. */
struct vfs_ops {
	/* Of the whole file system */

	/** Fill in @p stat, zeroed before. [all zero] */
	ax_err_t (*statfs)(vfs_t *fs, vfs_statfs_t *stat);
	/** Everything that was written is on the device, durable, on return. [nothing to do] */
	ax_err_t (*sync)(vfs_t *fs);
	/** As sync(), and the device says that nobody uses it; nothing can be changed any more (VFS_READ_ONLY), nodes
	 *  stay. Before the image ends, whatever is open. [sync()] */
	ax_err_t (*finish)(vfs_t *fs);
	/** Write back what is left, free @p fs and its nodes. No node has a reference but the file system's own to
	 * the root,
	 *  and no page is mapped. On an error of the device it is gone all the same. */
	ax_err_t (*unmount)(vfs_t *fs);

	/* Of any node */

	/** The last reference is gone: forget the node, or keep it if the file system lives in memory; if it has no
	 * links,
	 *  free what it takes up. [keep it] */
	void (*release)(vfs_node_t *node);
	/** Bring attributes in @p node up to date that change by themselves (over a network; a size made up on demand).
	 *  [they are] */
	ax_err_t (*load_attributes)(vfs_node_t *node);
	/** The attributes in @p which (VFS_SET_...) of @p node have been changed: keep them. A file system without
	 * the place
	 *  for one drops it. [nothing to do] */
	ax_err_t (*store_attributes)(vfs_node_t *node, uint32_t which);
	/** The node's contents (and, unless @p data_only, its attributes) are durable on return. [sync()] */
	ax_err_t (*fsync)(vfs_node_t *node, bool data_only);

	/* Of directories */

	/**
	 * The node of this name, with a new reference. Equal nodes (of two hard links) are one pointer.
	 * @retval AX_ERR_NOT_FOUND  no such name
	 */
	ax_err_t (*lookup)(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node);
	/**
	 * Make a node under a name that is not there yet, with a new reference. Times are set to vfs_host_t's clock.
	 * @retval AX_ERR_NO_SPACE, AX_ERR_NO_MEMORY  full
	 * @retval AX_ERR_NOT_SUPPORTED  no such type here
	 * @retval AX_ERR_INVALID_INPUT, AX_ERR_NAME_TOO_LONG  a name that this file system cannot have
	 * [AX_ERR_NOT_PERMITTED, as for link, unlink and rename]
	 */
	ax_err_t (*create)(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
			   vfs_node_t **node);
	/** Another name for @p node, which is no directory. @retval AX_ERR_TOO_MANY_LINKS */
	ax_err_t (*link)(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
	/**
	 * Remove the name, which is @p node's. The node lives on while it has links or references.
	 * @retval AX_ERR_NOT_EMPTY  a directory with entries
	 */
	ax_err_t (*unlink)(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
	/**
	 * @p from/@p from_name, which is @p node's, becomes @p to/@p to_name. If @p replaced is not NULL it has had
	 * that name, is of a type that may be replaced (directory by directory, other by other) and loses it; at no
	 * moment, and after no loss of power, is the name gone. @p node is not an ancestor of @p to, and not @p
	 * replaced.
	 * @retval AX_ERR_NOT_EMPTY  @p replaced is a directory with entries
	 */
	ax_err_t (*rename)(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
			   const char *to_name, size_t to_bytes, vfs_node_t *replaced);
	/**
	 * Call @p emit for each entry from @p cookie on, without "." and "..". 0 begins; a cookie stays good whatever
	 * entries come and go: who reads on from it sees every entry once that was there throughout. Cookies are
	 * below 2^62.
	 */
	ax_err_t (*read_directory)(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context);

	/* Of files and devices */

	/**
	 * Read up to @p bytes at @p offset; @p done says how many: fewer at the end of the file, 0 behind it. If
	 * something was read before an error, it is AX_OK with what was read. [AX_ERR_NOT_SUPPORTED]
	 */
	ax_err_t (*read)(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done);
	/**
	 * Write up to @p bytes at @p offset, growing the file; a gap behind the old end reads as zeroes. @p done: how
	 * many; if something was written before an error, it is AX_OK with what was written.
	 * @retval AX_ERR_NO_SPACE, AX_ERR_NO_MEMORY  full, nothing written
	 * @retval AX_ERR_FILE_TOO_BIG  behind the greatest offset that the file system has
	 */
	ax_err_t (*write)(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done);
	/** Cut the file, or extend it by zeroes. Errors as of write(). */
	ax_err_t (*truncate)(vfs_node_t *node, uint64_t size);
	/** The target into @p buffer, cut to @p capacity, not terminated; @p bytes: how much. For symbolic links. */
	ax_err_t (*read_link)(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes);
	/**
	 * The memory that holds VFS_PAGE_BYTES of the file at @p offset (a multiple of it, inside the file), shared
	 * with all users of the file; with @p writable a hole is filled first. It stays until unmap_page(), whatever
	 * happens to the file; what is cut off reads as zeroes. NULL in a hole that is not to be written.
	 * [AX_ERR_NOT_SUPPORTED: users read and write instead]
	 */
	ax_err_t (*map_page)(vfs_node_t *node, uint64_t offset, bool writable, void **page);
	/** Ends one map_page() of that offset. */
	void (*unmap_page)(vfs_node_t *node, uint64_t offset);
	/** Where data (or, with @p hole, a hole) begins at or behind @p offset, which is inside the file; its size if
	 * nowhere.
	 *  [all is data] @retval AX_ERR_NOT_FOUND  no data from @p offset on */
	ax_err_t (*seek_data)(vfs_node_t *node, uint64_t offset, bool hole, uint64_t *found);
	/** A device's own request, an ioctl(2) of Linux by number. @retval AX_ERR_NOT_A_TERMINAL  no such request
	 *  [AX_ERR_NOT_A_TERMINAL] */
	ax_err_t (*control)(vfs_node_t *node, unsigned long request, void *argument);
};

/**
 * Declares the operations of a file system, each named @p prefix, '_' and its member of vfs_ops_t, for the table of who calls
 * them directly. What the file system does not have it does not define.
 */
#define VFS_OPERATIONS(prefix)                                                                                        \
	ax_err_t prefix##_statfs(vfs_t *fs, vfs_statfs_t *stat);                                                      \
	ax_err_t prefix##_sync(vfs_t *fs);                                                                            \
	ax_err_t prefix##_finish(vfs_t *fs);                                                                          \
	ax_err_t prefix##_unmount(vfs_t *fs);                                                                         \
	void prefix##_release(vfs_node_t *node);                                                                      \
	ax_err_t prefix##_load_attributes(vfs_node_t *node);                                                          \
	ax_err_t prefix##_store_attributes(vfs_node_t *node, uint32_t which);                                         \
	ax_err_t prefix##_fsync(vfs_node_t *node, bool data_only);                                                    \
	ax_err_t prefix##_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node);      \
	ax_err_t prefix##_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,   \
				 vfs_node_t **node);                                                                  \
	ax_err_t prefix##_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);         \
	ax_err_t prefix##_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);       \
	ax_err_t prefix##_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node,        \
				 vfs_node_t *to, const char *to_name, size_t to_bytes, vfs_node_t *replaced);         \
	ax_err_t prefix##_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context);    \
	ax_err_t prefix##_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done);          \
	ax_err_t prefix##_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done);     \
	ax_err_t prefix##_truncate(vfs_node_t *node, uint64_t size);                                                  \
	ax_err_t prefix##_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes);                  \
	ax_err_t prefix##_map_page(vfs_node_t *node, uint64_t offset, bool writable, void **page);                    \
	void prefix##_unmap_page(vfs_node_t *node, uint64_t offset);                                                  \
	ax_err_t prefix##_seek_data(vfs_node_t *node, uint64_t offset, bool hole, uint64_t *found);                   \
	ax_err_t prefix##_control(vfs_node_t *node, unsigned long request, void *argument)

static inline uint32_t vfs_type(const vfs_node_t *node)
{
	return node->mode & VFS_TYPE_MASK;
}

static inline bool vfs_is_directory(const vfs_node_t *node)
{
	return vfs_type(node) == VFS_DIRECTORY;
}

static inline bool vfs_is_regular(const vfs_node_t *node)
{
	return vfs_type(node) == VFS_REGULAR;
}

static inline bool vfs_is_symlink(const vfs_node_t *node)
{
	return vfs_type(node) == VFS_SYMLINK;
}

/* References. On one CPU a count is the thread's that keeps the CPU; on several it is atomic. */

/** Take a reference to @p node; the caller has one already, or keeps the node from going. */
static AX_ALWAYS_INLINE void vfs_node_get(vfs_node_t *node)
{
#if AXFS_VFS_FEATURE_SMP
	__atomic_fetch_add(&node->references, 1, __ATOMIC_RELAXED);
#else
	PREEMPT_GUARD();
	node->references++;
#endif
}

/** Give one back; true if it was the last: then the caller calls release(), or lets vfs_node_put() do it. */
[[nodiscard]] static AX_ALWAYS_INLINE bool vfs_node_drop(vfs_node_t *node)
{
#if AXFS_VFS_FEATURE_SMP
	return __atomic_fetch_sub(&node->references, 1, __ATOMIC_ACQ_REL) == 1;
#else
	PREEMPT_GUARD();
	return --node->references == 0;
#endif
}

/** Give a reference back; the last one releases the node. With what release() needs held. */
void vfs_node_put(vfs_node_t *node);

/** Note that the times in @p which (VFS_ACCESSED ...) are due. Node held, or a read that loses the race. */
static AX_ALWAYS_INLINE void vfs_node_mark(vfs_node_t *node, uint32_t which)
{
	node->due |= which;
}

/**
 * Set the times that are due to now, and note them in `unsaved`. Before anyone looks at them, at the last close, before
 * fsync: POSIX (XBD 4.12, "File Times Update") marks a time for update at the operation and leaves the moment open.
 * Node held.
 */
void vfs_node_stamp(vfs_node_t *node);

#pragma GCC visibility pop
