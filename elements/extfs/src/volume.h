/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this element share: the volume, its buffers and its transaction.
 *
 * Layers, each using those above it: disk.c (blocks of the device), buffer.c (blocks in memory), group.c (group
 * descriptors), journal.c and recovery.c, transaction.c, balloc.c and ialloc.c (bitmaps), inode.c, extent.c and
 * blockmap.c (where a file's blocks are), file.c, directory.c, names.c, and mount.c.
 *
 * A transaction collects the metadata that operations change, in buffers that stay in memory until it is committed: by
 * a sync, or when it is large. A commit is atomic on a volume with a journal. Blocks that are freed can be allocated
 * again only after the commit, so until then the disk's state of before is whole.
 *
 * Every number that comes from the disk is checked where it is read; what does not fit is AX_ERR_IO.
 * All of a volume is used by one thread at a time: the volume's lock is the caller's.
 */
#pragma once

#include "layout.h"

#include <axerrno/axerrno.h>
#include <axfs_vfs/table.h>
#include <axfs_vfs/vfs.h>
#include <base/base.h>
#include <driver_block/driver_block.h>
#include <linked_list/linked_list.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FREED_MAX = 512,
	OPERATION_FREED_MAX = 272, /* ranges that one step of an operation frees at most */
	OPERATION_BLOCKS_MAX = 48, /* blocks that one step of an operation changes at most */
	BUFFERS_KEPT_MIN = 256,
	CACHE_BYTES_MAX = 64 << 20,
	TRANSACTION_MAX = 768,
};

/* What a block of metadata is: who gets it as something else than it is in use for has found damage. */
typedef enum buffer_kind {
	KIND_NONE,
	KIND_PLAIN,
	KIND_GROUPS,
	KIND_BLOCK_BITMAP,
	KIND_INODE_BITMAP,
	KIND_INODE_TABLE,
	KIND_EXTENTS,
	KIND_POINTERS,
	KIND_DIRECTORY,
	KIND_ATTRIBUTES,
	KIND_DATA, /* of a file */
} buffer_kind_t;

typedef struct extfs extfs_t;

typedef struct buffer {
	extfs_t *volume;
	list_node_t in_bucket;
	list_node_t in_order; /* of use; while in the transaction, of that */
	uint64_t block;
	uint32_t pins;
	uint32_t seed; /* of the owner's checksum */
	buffer_kind_t kind;
	bool is_checked;     /* found sound as what it is */
	bool in_transaction; /* or, of a file's data: to be written before it is committed */
	uint8_t *data;
} buffer_t;

/* An inode in use. */
typedef struct extfs_inode {
	vfs_node_t node;
	vfs_table_link_t link;
	list_node_t in_dirty;
	bool is_dirty;
	bool is_orphan;         /* in the list on the disk */
	uint64_t changed_before; /* this commit, by more than its times */
	uint32_t seed;          /* of its checksums */
	uint32_t last_logical;  /* where the last allocation ended, for the goal of the next one */
	uint64_t last_physical;
	uint64_t cut_end;       /* of a cut that goes on in the next transaction */
	inode_t raw;
} extfs_inode_t;

typedef struct block_range {
	uint64_t first;
	uint64_t count;
} block_range_t;

typedef struct journal {
	struct extfs_inode *inode;
	uint32_t blocks;
	uint32_t first; /* block of the log */
	uint32_t head;  /* where the next transaction goes */
	uint32_t sequence;
	uint32_t seed;
	bool has_checksums; /* version 2 or 3 */
	bool is_version_3;
	bool is_64bit;
	bool is_open;
	journal_super_t super;
} journal_t;

struct extfs {
	vfs_t vfs;
	block_device_t *device;
	vfs_table_t nodes;
	super_t super;
	uint32_t block_bytes;
	uint32_t block_shift;
	uint32_t device_shift; /* log2 of the device's blocks in one of ours */
	uint64_t blocks_count;
	uint64_t free_blocks;
	uint64_t pending_blocks; /* freed in this transaction */
	uint32_t group_count;
	uint32_t inodes_count;
	uint32_t first_inode;
	uint32_t inode_bytes;
	uint32_t group_bytes;
	uint32_t groups_per_block;
	uint32_t seed; /* of all checksums */
	bool has_checksums;
	bool has_group_checksums;
	bool has_extents;
	bool has_file_types;
	bool read_only;
	bool is_recovering;  /* checksums may not hold until the journal has been replayed */
	bool super_is_dirty;
	bool data_is_dirty;  /* written by somebody since the last flush, to the disk or into buffers */
	bool damaged;        /* something did not fit: nothing is changed any more */
	bool doomed;         /* an operation failed half-way: the transaction is never committed */
	const char *damage;  /* what was found first, and where */
	uint64_t damage_at;
	uint64_t changes;    /* counts them, so that an operation knows whether it has made some */
	uint64_t changes_before;
	uint64_t commits;
	journal_t journal;
	list_t *buckets;
	uint32_t bucket_count; /* a power of two */
	uint32_t buffers_kept; /* more only while none is unused */
	list_t unused;  /* buffers, the longest unused first */
	list_t transaction;
	list_t dirty_data;
	uint32_t buffer_count;
	uint32_t transaction_count;
	uint32_t dirty_data_count;
	uint32_t transaction_max;
	uint32_t dirty_inode_count;
	list_t dirty_inodes;
	uint32_t freed_count;
	block_range_t freed[FREED_MAX];
	uint8_t *scratch; /* one block, for who does not call another user of it meanwhile */
};

static inline extfs_t *volume_of(const extfs_inode_t *inode)
{
	return container_of(inode->node.fs, extfs_t, vfs);
}

/* disk.c: all in the volume's blocks. AX_ERR_IO if a block is past the end. */
ax_err_t volume_read(extfs_t *self, uint64_t block, uint64_t count, void *to);
ax_err_t volume_write(extfs_t *self, uint64_t block, uint64_t count, const void *from);
ax_err_t volume_read_segments(extfs_t *self, uint64_t block, const block_segment_t *segments, size_t count);
ax_err_t volume_write_segments(extfs_t *self, uint64_t block, const block_segment_t *segments, size_t count);
ax_err_t volume_flush(extfs_t *self);
ax_err_t volume_read_bytes(extfs_t *self, uint64_t offset, size_t bytes, void *to);
ax_err_t volume_write_bytes(extfs_t *self, uint64_t offset, size_t bytes, const void *from);

/* buffer.c */
ax_err_t buffers_init(extfs_t *self);
/* The block, read from the disk if it is not in memory; kept there until buffer_put(). */
ax_err_t buffer_get(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **buffer);
/* A block whose contents do not matter: zeroes. */
ax_err_t buffer_get_new(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **buffer);
/* A block that its user overwrites whole at once. */
ax_err_t buffer_get_unread(extfs_t *self, uint64_t block, buffer_kind_t kind, buffer_t **buffer);
void buffer_put(buffer_t *buffer);
/* How many blocks from @p block on are not in memory, at most @p most. */
size_t buffers_missing(extfs_t *self, uint64_t block, size_t most);
/* Try to read files' data that is not in memory, in one request. */
void buffers_fill(extfs_t *self, uint64_t block, size_t count);
/* The block is free: what is in memory of it is not written any more. */
void buffer_forget(extfs_t *self, uint64_t block);
/* Likewise, where they hold files' data. */
void buffers_forget_data(extfs_t *self, uint64_t first, uint64_t count);
void buffers_drop(extfs_t *self);
/* The buffer is about to change, or just did: it is part of the transaction, or dirty data. */
void buffer_change(buffer_t *buffer);
void buffer_leave_transaction(buffer_t *buffer);

/* transaction.c */
/* Room for one step of an operation: commits first if there is not. All errors that keep a volume from being written. */
ax_err_t operation_begin(extfs_t *self);
/* Its end, with @p error, which is returned: if that left something half changed, the volume is doomed. */
ax_err_t operation_end(extfs_t *self, ax_err_t error);
ax_err_t transaction_commit(extfs_t *self);
/* Files' data that is only in memory to its place. The disk may keep it in a cache of its own. */
ax_err_t data_write_back(extfs_t *self);
bool transaction_is_empty(const extfs_t *self);

/* group.c */
ax_err_t group_get(extfs_t *self, uint32_t index, buffer_t **buffer, group_t **group);
uint64_t group_block_bitmap(const extfs_t *self, const group_t *group);
uint64_t group_inode_bitmap(const extfs_t *self, const group_t *group);
uint64_t group_inode_table(const extfs_t *self, const group_t *group);
uint32_t group_count_of(const extfs_t *self, const uint16_t *lo, const uint16_t *hi);
void group_count_set(const extfs_t *self, uint16_t *lo, uint16_t *hi, uint32_t value);
void group_seal_all(extfs_t *self, buffer_t *buffer);
void group_set_bitmap_checksum(const extfs_t *self, group_t *group, bool of_blocks, const uint8_t *bitmap);
bool group_bitmap_checksum_holds(const extfs_t *self, const group_t *group, bool of_blocks, const uint8_t *bitmap);
uint64_t group_first_block(const extfs_t *self, uint32_t index);
uint32_t group_blocks(const extfs_t *self, uint32_t index);
/* Blocks at the start of the group that its copies of superblock and descriptors take. */
uint32_t group_base_blocks(const extfs_t *self, uint32_t index);
uint32_t group_inode_blocks(const extfs_t *self);

/* balloc.c: up to *count blocks in a row, near @p goal. */
ax_err_t blocks_allocate(extfs_t *self, uint64_t goal, uint32_t *count, uint64_t *first);
ax_err_t blocks_free(extfs_t *self, uint64_t first, uint64_t count, bool is_metadata);
ax_err_t blocks_apply_freed(extfs_t *self);
bool blocks_are_valid(const extfs_t *self, uint64_t first, uint64_t count);

/* ialloc.c */
ax_err_t inode_number_allocate(extfs_t *self, uint32_t parent, bool is_directory, uint32_t *number);
ax_err_t inode_number_free(extfs_t *self, uint32_t number, bool is_directory);

/* inode.c */
/* With a new reference. AX_ERR_IO if that is not an inode in use. */
ax_err_t inode_get(extfs_t *self, uint32_t number, extfs_inode_t **inode);
ax_err_t inode_create(extfs_inode_t *parent, const vfs_new_t *what, extfs_inode_t **inode);
void inode_put(extfs_inode_t *inode);
void inode_forget(extfs_inode_t *inode);
void inode_change(extfs_inode_t *inode);
void inode_change_times(extfs_inode_t *inode);
ax_err_t inodes_write(extfs_t *self);
void inode_set_size(extfs_inode_t *inode, uint64_t bytes);
void inode_add_blocks(extfs_inode_t *inode, int64_t blocks);
void inode_set_links(extfs_inode_t *inode, uint32_t links);
/* Whether `block` of the inode is pointers or extents, not a link's text or a device's number. */
bool inode_has_blocks(const extfs_inode_t *inode);
void inode_store_attributes(extfs_inode_t *inode, uint32_t which);
ax_err_t inode_location(extfs_t *self, uint32_t number, uint64_t *block, uint32_t *offset);

/* orphan.c: the list of inodes that are to be deleted, or cut to their size. */
ax_err_t orphan_add(extfs_t *self, extfs_inode_t *inode);
ax_err_t orphan_remove(extfs_t *self, extfs_inode_t *inode);
ax_err_t orphans_clean(extfs_t *self);
ax_err_t inode_delete(extfs_t *self, extfs_inode_t *inode);
void attributes_seal(extfs_t *self, buffer_t *buffer);

/* map.c, over extent.c and blockmap.c. A hole is block 0; *count is in and out: blocks in a row, at least 1. */
ax_err_t map_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical);
/* As map_find(), but holes and blocks never written get blocks: *is_new says that these hold no data yet. */
ax_err_t map_find_or_allocate(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical, bool *is_new);
/* Free the blocks from @p logical on; *is_done false: the transaction is full, call again in the next one. */
ax_err_t map_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done);
void map_init(extfs_inode_t *inode);
uint64_t map_goal(const extfs_inode_t *inode, uint32_t logical);
uint64_t map_max_bytes(const extfs_inode_t *inode);

ax_err_t extent_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical, bool *is_unwritten);
ax_err_t extent_insert(extfs_inode_t *inode, uint32_t logical, uint32_t count, uint64_t physical);
ax_err_t extent_set_written(extfs_inode_t *inode, uint32_t logical, uint32_t *count);
ax_err_t extent_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done);
void extent_init(extfs_inode_t *inode);
void extent_seal(extfs_t *self, buffer_t *buffer);

ax_err_t blockmap_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical);
ax_err_t blockmap_allocate(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical);
ax_err_t blockmap_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done);
uint64_t blockmap_max_blocks(const extfs_t *self);

/* file.c */
ax_err_t file_read(extfs_inode_t *inode, void *buffer, size_t bytes, uint64_t offset, size_t *done);
ax_err_t file_write(extfs_inode_t *inode, const void *data, size_t bytes, uint64_t offset, size_t *done);
/* Within an operation: the text of a symbolic link that does not fit the inode. */
ax_err_t file_write_link(extfs_inode_t *inode, const char *text, size_t bytes);
ax_err_t file_set_size(extfs_inode_t *inode, uint64_t bytes);
ax_err_t file_cut_blocks(extfs_inode_t *inode, uint32_t logical);
ax_err_t file_seek_data(extfs_inode_t *inode, uint64_t offset, bool hole, uint64_t *found);

/* directory.c */
typedef struct dir_slot {
	buffer_t *buffer;
	uint32_t offset;   /* of the entry in the block */
	uint32_t previous; /* of the one before it there, or UINT32_MAX */
	uint32_t logical;
} dir_slot_t;

ax_err_t dir_block_get(extfs_inode_t *dir, uint32_t logical, buffer_t **buffer);
ax_err_t dir_find(extfs_inode_t *dir, const char *name, size_t name_bytes, dir_slot_t *slot, uint32_t *number);
ax_err_t dir_add(extfs_inode_t *dir, const char *name, size_t name_bytes, uint32_t number, uint32_t mode);
/* Both end the slot's use. */
void dir_remove(const dir_slot_t *slot);
void dir_replace(extfs_inode_t *dir, const dir_slot_t *slot, uint32_t number, uint32_t mode);
uint32_t dir_entry_type(const extfs_t *self, const entry_t *entry);
ax_err_t dir_is_empty(extfs_inode_t *dir, bool *is_empty);
ax_err_t dir_init(extfs_inode_t *dir, uint32_t parent);
ax_err_t dir_unindex(extfs_inode_t *dir);
void dir_seal(extfs_t *self, buffer_t *buffer);
entry_t *dir_entry_at(const extfs_t *self, uint8_t *data, uint32_t offset);
uint32_t dir_block_bytes(const extfs_t *self);

/* journal.c, recovery.c */
ax_err_t journal_load(extfs_t *self);
ax_err_t journal_open(extfs_t *self);
ax_err_t journal_commit(extfs_t *self);
ax_err_t journal_close(extfs_t *self);
ax_err_t journal_recover(extfs_t *self);
ax_err_t journal_write_super(extfs_t *self);
/* Read or write one block of the journal. */
ax_err_t journal_read(extfs_t *self, uint32_t logical, void *to);
ax_err_t journal_find(extfs_t *self, uint32_t logical, uint32_t *count, uint64_t *physical);
uint32_t journal_tag_bytes(const journal_t *journal);
/* Of a tag: the sequence and the block's contents. */
uint32_t journal_block_checksum(const extfs_t *self, uint32_t sequence_be, const void *data);
uint32_t journal_next(const journal_t *journal, uint32_t logical, uint32_t steps);

/* mount.c: the superblock as it is in memory to its place on the disk, at once. */
ax_err_t super_write(extfs_t *self);
void super_fill(extfs_t *self, super_t *super);

/* Something must not be believed: the volume is not changed any more. Always AX_ERR_IO. */
ax_err_t extfs_damaged(extfs_t *self, const char *what, uint64_t where);
