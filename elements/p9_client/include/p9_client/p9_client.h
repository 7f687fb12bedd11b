/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of 9P2000.L: the protocol of Plan 9's manual, section 5 (intro(5), version(5), ...), with Linux's calls in place
 * of its own (diod's protocol.md). A *fid* is the client's number for a node of the server; qids tell nodes apart.
 *
 * One request at a time. Small messages go through two buffers of the client's; the payload of p9_read() and p9_write() goes
 * between the transport and the caller's memory without a copy.
 *
 * The server is not trusted: a reply that is too short, too long, of another request, or that has a string or a count
 * beyond its end is AX_ERR_IO.
 *
 * No lock: the caller serializes. Threads only, as the transport waits. Names are counted; one component each.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** The client's buffers, and the longest message but for the payloads. */
#define P9_MESSAGE_BYTES 8192u

/** A message in up to two pieces, for each direction; the second may be {NULL, 0}. */
typedef struct p9_piece {
	void *start;
	size_t bytes;
} p9_piece_t;

/** How messages reach the server. */
typedef struct p9_transport {
	/**
	 * Send @p request and wait for the answer, which is written to @p reply: the second piece begins where the first is full.
	 * @param bytes  of the answer, no more than there was room for
	 * @retval AX_ERR_IO, AX_ERR_TIMED_OUT, AX_ERR_NO_DEVICE
	 */
	ax_err_t (*exchange)(void *context, const p9_piece_t request[2], const p9_piece_t reply[2], size_t *bytes);
	void *context;
	size_t max_bytes; /* the longest message that it carries; at least P9_MESSAGE_BYTES */
} p9_transport_t;

/** What a node is, uniquely in its server. */
typedef struct p9_qid {
	uint8_t type; /* P9_QID_... */
	uint32_t version;
	uint64_t path;
} p9_qid_t;

enum {
	P9_QID_DIRECTORY = 0x80,
	P9_QID_SYMLINK = 0x02,
};

typedef struct p9_client {
	const p9_transport_t *transport;
	uint32_t message_bytes; /* negotiated: the longest message */
	uint32_t next_fid;
	uint16_t tag;
	bool is_broken;         /* an answer made no sense: nothing is asked any more */
	uint8_t request[P9_MESSAGE_BYTES], reply[P9_MESSAGE_BYTES];
} p9_client_t;

/* All functions: AX_ERR_IO as above, the transport's errors, and those of the server, by their Linux numbers. */

/**
 * Begin: version and attach.
 * @param path  of the tree that the server shall show, by its own naming; "" is its default
 * @param root  out: the fid of its root
 * @retval AX_ERR_NOT_SUPPORTED  the server does not speak 9P2000.L, or only messages too small
 */
ax_err_t p9_begin(p9_client_t *self, const p9_transport_t *transport, const char *path, uint32_t uid, uint32_t *root,
		  p9_qid_t *qid);

/** The node called @p name in directory @p fid, or, if @p bytes is 0, @p fid itself, as a new fid. */
ax_err_t p9_walk(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t *found, p9_qid_t *qid);

/** The fid is not used any more; it is gone even if this fails. */
ax_err_t p9_clunk(p9_client_t *self, uint32_t fid);

/** Flags of open(2), Linux's numbers. @param unit  the most that one read or write should carry; 0: any */
ax_err_t p9_open(p9_client_t *self, uint32_t fid, uint32_t flags, p9_qid_t *qid, uint32_t *unit);

/** Make a file in directory @p fid, which then is the open file. */
ax_err_t p9_create(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t flags, uint32_t mode,
		   uint32_t gid, p9_qid_t *qid, uint32_t *unit);

ax_err_t p9_make_directory(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, uint32_t mode, uint32_t gid,
			   p9_qid_t *qid);
ax_err_t p9_make_symlink(p9_client_t *self, uint32_t fid, const char *name, size_t bytes, const char *target,
			 size_t target_bytes, uint32_t gid, p9_qid_t *qid);
ax_err_t p9_link(p9_client_t *self, uint32_t directory, uint32_t fid, const char *name, size_t bytes);
ax_err_t p9_rename(p9_client_t *self, uint32_t from, const char *from_name, size_t from_bytes, uint32_t to,
		   const char *to_name, size_t to_bytes);
ax_err_t p9_unlink(p9_client_t *self, uint32_t directory, const char *name, size_t bytes, bool is_directory);

/** Copy the target of a symbolic link. @param bytes  its length; what is beyond @p capacity is not copied */
ax_err_t p9_read_link(p9_client_t *self, uint32_t fid, char *target, size_t capacity, size_t *bytes);

/** Bytes of an open file from @p offset on; fewer than asked for at its end, or if the message would be too long. */
ax_err_t p9_read(p9_client_t *self, uint32_t fid, uint64_t offset, void *buffer, size_t bytes, size_t *done);
ax_err_t p9_write(p9_client_t *self, uint32_t fid, uint64_t offset, const void *buffer, size_t bytes, size_t *done);
ax_err_t p9_fsync(p9_client_t *self, uint32_t fid, bool data_only);

/** stat(2), Linux's numbers; times in ns since 1970. */
typedef struct p9_attributes {
	p9_qid_t qid;
	uint32_t mode, uid, gid;
	uint64_t links, device, size, block_bytes, blocks;
	int64_t accessed_ns, modified_ns, changed_ns;
} p9_attributes_t;

ax_err_t p9_get_attributes(p9_client_t *self, uint32_t fid, p9_attributes_t *attributes);

/** What p9_set_attributes() changes. */
enum {
	P9_SET_MODE = 0x1,
	P9_SET_UID = 0x2,
	P9_SET_GID = 0x4,
	P9_SET_SIZE = 0x8,
	P9_SET_ACCESSED = 0x10 | 0x80,
	P9_SET_MODIFIED = 0x20 | 0x100,
};

ax_err_t p9_set_attributes(p9_client_t *self, uint32_t fid, uint32_t which, const p9_attributes_t *attributes);

/** An entry of a directory; the name is valid within the call. */
typedef struct p9_entry {
	p9_qid_t qid;
	uint64_t next;  /* where to go on behind it */
	uint8_t type;   /* DT_... of Linux */
	const char *name;
	size_t name_bytes;
} p9_entry_t;

/**
 * Call @p emit for entries of an open directory from @p offset on (0, or an entry's `next`), some at a time: until it
 * returns false, or the server's answer is used up. emit() must not use the client.
 * @param is_end  nothing is left
 */
ax_err_t p9_read_directory(p9_client_t *self, uint32_t fid, uint64_t offset, bool (*emit)(void *context, const p9_entry_t *entry),
			   void *context, bool *is_end);

typedef struct p9_statfs {
	uint32_t type, block_bytes, name_max;
	uint64_t blocks, free_blocks, available_blocks, files, free_files, id;
} p9_statfs_t;

ax_err_t p9_get_statfs(p9_client_t *self, uint32_t fid, p9_statfs_t *stat);

#pragma GCC visibility pop
