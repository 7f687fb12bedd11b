/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk's structures, all little-endian but for the journal's. Source: the Linux kernel's
 * Documentation/filesystems/ext4/ (super, group_descr, bitmaps, inodes, ifork, directory, checksums, orphan, journal);
 * the names are that document's, less the prefixes.
 */
#pragma once

#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the structures are used as they lie on the disk");

enum {
	SUPER_OFFSET = 1024, /* bytes, whatever the block's size */
	SUPER_BYTES = 1024,
	SUPER_MAGIC = 0xef53,
	ROOT_INODE = 2,
	JOURNAL_INODE = 8,
	FIRST_INODE_REV0 = 11,
	MIN_BLOCK_BYTES = 1024,
	MAX_BLOCK_BYTES = 65536,
	INODE_BYTES_REV0 = 128,
	NAME_BYTES_MAX = 255,
	LINKS_MAX = 65000,
};

/* state */
enum { STATE_CLEAN = 1, STATE_ERRORS = 2, STATE_ORPHANS = 4 };

enum compat_feature { COMPAT_HAS_JOURNAL = 0x4, COMPAT_EXT_ATTR = 0x8, COMPAT_DIR_INDEX = 0x20, COMPAT_SPARSE_SUPER2 = 0x200 };

enum incompat_feature {
	INCOMPAT_FILETYPE = 0x2,   /* directory entries say the type */
	INCOMPAT_RECOVER = 0x4,    /* the journal holds what the disk does not */
	INCOMPAT_META_BG = 0x10,   /* group descriptors lie with their groups */
	INCOMPAT_EXTENTS = 0x40,
	INCOMPAT_64BIT = 0x80,
	INCOMPAT_FLEX_BG = 0x200,  /* bitmaps and inode tables lie anywhere */
	INCOMPAT_CSUM_SEED = 0x2000,
	INCOMPAT_LARGEDIR = 0x4000,
	INCOMPAT_KNOWN = INCOMPAT_FILETYPE | INCOMPAT_RECOVER | INCOMPAT_META_BG | INCOMPAT_EXTENTS | INCOMPAT_64BIT |
			 INCOMPAT_FLEX_BG | INCOMPAT_CSUM_SEED | INCOMPAT_LARGEDIR,
};

/* What is not known here allows reading only. */
enum ro_compat_feature {
	RO_SPARSE_SUPER = 0x1,
	RO_LARGE_FILE = 0x2,
	RO_BTREE_DIR = 0x4,
	RO_HUGE_FILE = 0x8,    /* an inode may count blocks instead of sectors */
	RO_GDT_CSUM = 0x10,
	RO_DIR_NLINK = 0x20,   /* a directory's link count may be 1: unknown */
	RO_EXTRA_ISIZE = 0x40,
	RO_METADATA_CSUM = 0x400,
	RO_KNOWN = RO_SPARSE_SUPER | RO_LARGE_FILE | RO_BTREE_DIR | RO_HUGE_FILE | RO_GDT_CSUM | RO_DIR_NLINK |
		   RO_EXTRA_ISIZE | RO_METADATA_CSUM,
};

typedef struct super {
	uint32_t inodes_count;
	uint32_t blocks_count_lo;
	uint32_t r_blocks_count_lo; /* kept for the super-user */
	uint32_t free_blocks_count_lo;
	uint32_t free_inodes_count;
	uint32_t first_data_block;
	uint32_t log_block_size; /* 1024 << this */
	uint32_t log_cluster_size;
	uint32_t blocks_per_group;
	uint32_t clusters_per_group;
	uint32_t inodes_per_group;
	uint32_t mtime;
	uint32_t wtime;
	uint16_t mnt_count;
	uint16_t max_mnt_count;
	uint16_t magic;
	uint16_t state;
	uint16_t errors;
	uint16_t minor_rev_level;
	uint32_t lastcheck;
	uint32_t checkinterval;
	uint32_t creator_os;
	uint32_t rev_level;
	uint16_t def_resuid;
	uint16_t def_resgid;
	uint32_t first_ino; /* from here on rev_level 1 */
	uint16_t inode_size;
	uint16_t block_group_nr;
	uint32_t feature_compat;
	uint32_t feature_incompat;
	uint32_t feature_ro_compat;
	uint8_t uuid[16];
	char volume_name[16];
	char last_mounted[64];
	uint32_t algorithm_usage_bitmap;
	uint8_t prealloc_blocks;
	uint8_t prealloc_dir_blocks;
	uint16_t reserved_gdt_blocks;
	uint8_t journal_uuid[16];
	uint32_t journal_inum;
	uint32_t journal_dev;
	uint32_t last_orphan; /* the list goes on in the inodes' dtime */
	uint32_t hash_seed[4];
	uint8_t def_hash_version;
	uint8_t jnl_backup_type;
	uint16_t desc_size;
	uint32_t default_mount_opts;
	uint32_t first_meta_bg;
	uint32_t mkfs_time;
	uint32_t jnl_blocks[17];
	uint32_t blocks_count_hi;
	uint32_t r_blocks_count_hi;
	uint32_t free_blocks_count_hi;
	uint16_t min_extra_isize;
	uint16_t want_extra_isize;
	uint32_t flags;
	uint16_t raid_stride;
	uint16_t mmp_interval;
	uint64_t mmp_block;
	uint32_t raid_stripe_width;
	uint8_t log_groups_per_flex;
	uint8_t checksum_type; /* 1: crc32c */
	uint16_t reserved_pad;
	uint64_t kbytes_written;
	uint8_t snapshots_and_errors[0x270 - 0x180];
	uint32_t checksum_seed;
	uint8_t times_hi_and_encoding[0x280 - 0x274];
	uint32_t orphan_file_inum;
	uint32_t reserved[94];
	uint32_t checksum; /* of all before it, from ~0 */
} super_t;
_Static_assert(sizeof(super_t) == SUPER_BYTES, "superblock");

enum { GROUP_INODE_UNINIT = 1, GROUP_BLOCK_UNINIT = 2, GROUP_INODE_ZEROED = 4, GROUP_BYTES_32 = 32 };

typedef struct group {
	uint32_t block_bitmap_lo;
	uint32_t inode_bitmap_lo;
	uint32_t inode_table_lo;
	uint16_t free_blocks_count_lo;
	uint16_t free_inodes_count_lo;
	uint16_t used_dirs_count_lo;
	uint16_t flags;
	uint32_t exclude_bitmap_lo;
	uint16_t block_bitmap_csum_lo;
	uint16_t inode_bitmap_csum_lo;
	uint16_t itable_unused_lo; /* inodes at the table's end that never were */
	uint16_t checksum;
	uint32_t block_bitmap_hi; /* from here on desc_size 64 */
	uint32_t inode_bitmap_hi;
	uint32_t inode_table_hi;
	uint16_t free_blocks_count_hi;
	uint16_t free_inodes_count_hi;
	uint16_t used_dirs_count_hi;
	uint16_t itable_unused_hi;
	uint32_t exclude_bitmap_hi;
	uint16_t block_bitmap_csum_hi;
	uint16_t inode_bitmap_csum_hi;
	uint32_t reserved;
} group_t;
_Static_assert(sizeof(group_t) == 64, "group descriptor");

enum {
	INODE_INDEX = 0x1000,      /* a directory with a hash tree */
	INODE_HUGE_FILE = 0x40000, /* blocks are counted in blocks */
	INODE_EXTENTS = 0x80000,
	INODE_INLINE_DATA = 0x10000000,
	INODE_ENCRYPT = 0x800,
	INODE_IMMUTABLE = 0x10,
	INODE_APPEND_ONLY = 0x20,
	INODE_BLOCKS = 15, /* pointers: 12 direct, then once, twice and thrice indirect; or 60 bytes of extents or link text */
	DIRECT_BLOCKS = 12,
};

typedef struct inode {
	uint16_t mode;
	uint16_t uid_lo;
	uint32_t size_lo;
	uint32_t atime;
	uint32_t ctime;
	uint32_t mtime;
	uint32_t dtime; /* while an orphan: the next one */
	uint16_t gid_lo;
	uint16_t links_count;
	uint32_t blocks_lo; /* of 512 bytes */
	uint32_t flags;
	uint32_t version_lo;
	uint32_t block[INODE_BLOCKS];
	uint32_t generation;
	uint32_t file_acl_lo; /* block of extended attributes */
	uint32_t size_hi;
	uint32_t faddr;
	uint16_t blocks_hi;
	uint16_t file_acl_hi;
	uint16_t uid_hi;
	uint16_t gid_hi;
	uint16_t checksum_lo;
	uint16_t reserved;
	uint16_t extra_isize; /* from here on inode_size above 128: bytes of what follows that are in use */
	uint16_t checksum_hi;
	uint32_t ctime_extra; /* nanoseconds << 2 | seconds >> 32 */
	uint32_t mtime_extra;
	uint32_t atime_extra;
	uint32_t crtime;
	uint32_t crtime_extra;
	uint32_t version_hi;
	uint32_t projid;
} inode_t;
_Static_assert(sizeof(inode_t) == 160, "inode");

/* Extents: a node is a header and its entries; the root is in the inode, others end in a checksum. */
enum { EXTENT_MAGIC = 0xf30a, EXTENT_DEPTH_MAX = 5, EXTENT_BLOCKS_MAX = 32768 };

typedef struct extent_header {
	uint16_t magic;
	uint16_t entries;
	uint16_t max;
	uint16_t depth; /* 0: the entries are extents, else indices */
	uint32_t generation;
} extent_header_t;

typedef struct extent {
	uint32_t first;  /* logical block */
	uint16_t length; /* above EXTENT_BLOCKS_MAX: that much less, and unwritten, to be read as zeroes */
	uint16_t start_hi;
	uint32_t start_lo;
} extent_t;

typedef struct extent_index {
	uint32_t first;
	uint32_t leaf_lo;
	uint16_t leaf_hi;
	uint16_t unused;
} extent_index_t;
_Static_assert(sizeof(extent_header_t) == 12 && sizeof(extent_t) == 12 && sizeof(extent_index_t) == 12, "extents");

enum { ENTRY_HEAD_BYTES = 8, ENTRY_ALIGN = 4, TAIL_BYTES = 12, TAIL_FILE_TYPE = 0xde };

/* Without the feature FILETYPE `type` is the name's length's high byte, and 0. */
typedef struct entry {
	uint32_t inode; /* 0: free */
	uint16_t record_bytes;
	uint8_t name_bytes;
	uint8_t type;
	char name[];
} entry_t;
_Static_assert(sizeof(entry_t) == ENTRY_HEAD_BYTES, "directory entry");

/* The last entry of each block where metadata has checksums: one that is free, with a type that none has. */
typedef struct entry_tail {
	uint32_t zero;
	uint16_t record_bytes;
	uint8_t zero_name_bytes;
	uint8_t type;
	uint32_t checksum;
} entry_tail_t;
_Static_assert(sizeof(entry_tail_t) == TAIL_BYTES, "directory tail");

/* A hash tree's root says so behind "." and ".."; limit and count stand in the first entry's place of the hash. */
typedef struct index_entry {
	uint32_t hash;
	uint32_t block;
} index_entry_t;

typedef struct index_limits {
	uint16_t limit;
	uint16_t count;
	uint32_t block;
} index_limits_t;

enum { INDEX_ROOT_LIMITS = 32, INDEX_NODE_LIMITS = 8, INDEX_ROOT_INFO = 24 };

/* A block of extended attributes may serve several inodes. */
typedef struct attributes {
	uint32_t magic;
	uint32_t users;
	uint32_t blocks;
	uint32_t hash;
	uint32_t checksum;
	uint32_t reserved[3];
} attributes_t;

enum { ATTRIBUTES_MAGIC = 0xea020000u };

/* The journal, big-endian. */
enum { JOURNAL_MAGIC = 0xc03b3998u, JOURNAL_SUPER_BYTES = 1024 };

enum journal_block_type { JOURNAL_DESCRIPTOR = 1, JOURNAL_COMMIT, JOURNAL_SUPER_1, JOURNAL_SUPER_2, JOURNAL_REVOKE };

enum journal_incompat {
	JOURNAL_REVOKES = 0x1,
	JOURNAL_64BIT = 0x2,
	JOURNAL_ASYNC_COMMIT = 0x4,
	JOURNAL_CSUM_2 = 0x8,
	JOURNAL_CSUM_3 = 0x10,
	JOURNAL_KNOWN = JOURNAL_REVOKES | JOURNAL_64BIT | JOURNAL_CSUM_2 | JOURNAL_CSUM_3,
};

enum { JOURNAL_COMPAT_CHECKSUM = 1 };

enum journal_tag_flag { TAG_ESCAPED = 1, TAG_SAME_UUID = 2, TAG_DELETED = 4, TAG_LAST = 8 };

typedef struct journal_header {
	uint32_t magic;
	uint32_t type;
	uint32_t sequence;
} journal_header_t;

typedef struct journal_super {
	journal_header_t header;
	uint32_t block_bytes;
	uint32_t blocks;
	uint32_t first; /* block of the log */
	uint32_t sequence;
	uint32_t start; /* block of the oldest transaction; 0: the log is empty */
	uint32_t error;
	uint32_t feature_compat;
	uint32_t feature_incompat;
	uint32_t feature_ro_compat;
	uint8_t uuid[16];
	uint32_t users;
	uint32_t dynamic_super;
	uint32_t max_transaction;
	uint32_t max_transaction_data;
	uint8_t checksum_type; /* 4: crc32c */
	uint8_t padding[3];
	uint32_t fast_commit_blocks;
	uint32_t head;
	uint32_t padding2[40];
	uint32_t checksum;
	uint8_t user_ids[16 * 48];
} journal_super_t;
_Static_assert(sizeof(journal_super_t) == JOURNAL_SUPER_BYTES, "journal superblock");

typedef struct journal_tag3 {
	uint32_t block_lo;
	uint32_t flags;
	uint32_t block_hi;
	uint32_t checksum;
} journal_tag3_t;

/* Without CSUM_3; block_hi only with 64BIT. */
typedef struct journal_tag {
	uint32_t block_lo;
	uint16_t checksum;
	uint16_t flags;
	uint32_t block_hi;
} journal_tag_t;

typedef struct journal_commit {
	journal_header_t header;
	uint8_t checksum_type;
	uint8_t checksum_bytes;
	uint8_t padding[2];
	uint32_t checksum[8];
	uint64_t seconds;
	uint32_t nanoseconds;
	uint32_t padding2;
} journal_commit_t;
_Static_assert(sizeof(journal_commit_t) == 64, "commit block");
