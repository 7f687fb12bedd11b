/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal (jbd2): an inode's blocks, used as a ring. A transaction is descriptor blocks, each followed by the blocks
 * that it names, and a commit block. Source: ext4 documentation, "Journal (jbd2)".
 *
 * A commit takes two flushes:
 *
 *	descriptors and blocks of the transaction  (and, unordered with them, files' data and what the last commit left)
 *	flush
 *	the journal's superblock: the log begins with this transaction; the commit block
 *	flush
 *	each block to its own place
 *
 * The first flush has made durable what the transaction before wrote to its places, so that one is not needed in the log any
 * more, and the log never holds more than two. Nor does it ever hold a block that was freed and is used for data since:
 * blocks freed in a transaction are not in it, and can be allocated only when it is committed. So nothing is revoked.
 */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

enum { RUN_MAX = 32, JOURNAL_BLOCKS_MIN = 256, UUID_BYTES = 16, CHECKSUM_TYPE_CRC32C = 4 };

static uint32_t be32(uint32_t value)
{
	return __builtin_bswap32(value);
}

static uint32_t super_checksum(const journal_super_t *super)
{
	return crc32c_with_hole(UINT32_MAX, super, sizeof *super, offsetof(journal_super_t, checksum), 4);
}

ax_err_t journal_find(extfs_t *self, uint32_t logical, uint32_t *count, uint64_t *physical)
{
	ax_err_t error = map_find(self->journal.inode, logical, count, physical);
	return !error && !*physical ? extfs_damaged(self, "a hole in the journal at", logical) : error;
}

ax_err_t journal_read(extfs_t *self, uint32_t logical, void *to)
{
	uint32_t count = 1;
	uint64_t physical;
	ax_err_t error = journal_find(self, logical, &count, &physical);
	return error ? error : volume_read(self, physical, 1, to);
}

uint32_t journal_next(const journal_t *journal, uint32_t logical, uint32_t steps)
{
	const uint32_t size = journal->blocks - journal->first;
	return journal->first + (uint32_t)(((uint64_t)(logical - journal->first) + steps) % size);
}

uint32_t journal_tag_bytes(const journal_t *journal)
{
	if (journal->is_version_3)
		return sizeof(journal_tag3_t);
	return (uint32_t)(sizeof(journal_tag_t) + (journal->has_checksums ? sizeof(uint16_t) : 0) -
			  (journal->is_64bit ? 0 : sizeof(uint32_t)));
}

uint32_t journal_block_checksum(const extfs_t *self, uint32_t sequence_be, const void *data)
{
	const uint32_t crc = crc32c(self->journal.seed, &sequence_be, sizeof sequence_be);
	return crc32c(crc, data, self->block_bytes);
}

/* Block 0 of the journal, whose rest is reserved. */
ax_err_t journal_write_super(extfs_t *self)
{
	journal_t *journal = &self->journal;
	uint32_t count = 1;
	uint64_t physical;
	ax_err_t error = journal_find(self, 0, &count, &physical);
	if (error)
		return error;
	if (journal->has_checksums) {
		journal->super.checksum_type = CHECKSUM_TYPE_CRC32C;
		journal->super.checksum = be32(super_checksum(&journal->super));
	}
	memset(self->scratch, 0, self->block_bytes);
	memcpy(self->scratch, &journal->super, sizeof journal->super);
	return volume_write(self, physical, 1, self->scratch);
}

static void note_features(journal_t *journal)
{
	const uint32_t incompat = be32(journal->super.feature_incompat);
	journal->is_version_3 = incompat & JOURNAL_CSUM_3;
	journal->has_checksums = incompat & (JOURNAL_CSUM_2 | JOURNAL_CSUM_3);
	journal->is_64bit = incompat & JOURNAL_64BIT;
	journal->seed = crc32c(UINT32_MAX, journal->super.uuid, UUID_BYTES);
}

static ax_err_t check_super(extfs_t *self)
{
	journal_t *journal = &self->journal;
	journal_super_t *super = &journal->super;
	const uint32_t type = be32(super->header.type);
	if (be32(super->header.magic) != JOURNAL_MAGIC || (type != JOURNAL_SUPER_1 && type != JOURNAL_SUPER_2))
		return extfs_damaged(self, "journal's superblock", 0);
	if (type == JOURNAL_SUPER_1) /* it ends before the features */
		super->feature_compat = super->feature_incompat = super->feature_ro_compat = 0;
	if (be32(super->feature_incompat) & ~(uint32_t)JOURNAL_KNOWN || super->feature_ro_compat) {
		self->damage = "an unknown feature of the journal";
		return AX_ERR_NOT_SUPPORTED;
	}
	note_features(journal);
	if (journal->has_checksums &&
	    (super->checksum_type != CHECKSUM_TYPE_CRC32C || be32(super->checksum) != super_checksum(super)))
		return extfs_damaged(self, "journal's superblock", 0);
	journal->blocks = be32(super->blocks);
	journal->first = be32(super->first);
	journal->sequence = be32(super->sequence);
	if (be32(super->block_bytes) != self->block_bytes ||
	    journal->blocks > journal->inode->node.size >> self->block_shift || journal->blocks < JOURNAL_BLOCKS_MIN ||
	    !journal->first || journal->first >= journal->blocks / 2 || be32(super->start) >= journal->blocks ||
	    (super->start && be32(super->start) < journal->first))
		return extfs_damaged(self, "journal's superblock", 0);
	return AX_OK;
}

/* Find the journal, if the volume has one. */
ax_err_t journal_load(extfs_t *self)
{
	if (!(self->super.feature_compat & COMPAT_HAS_JOURNAL))
		return AX_OK;
	if (self->super.journal_dev || !self->super.journal_inum) {
		self->damage = "the journal is on another device";
		return AX_ERR_NOT_SUPPORTED;
	}
	ax_err_t error = inode_get(self, self->super.journal_inum, &self->journal.inode);
	if (error)
		return error;
	if (!vfs_is_regular(&self->journal.inode->node))
		return extfs_damaged(self, "journal's inode", self->super.journal_inum);
	error = journal_read(self, 0, self->scratch);
	if (error)
		return error;
	memcpy(&self->journal.super, self->scratch, sizeof self->journal.super);
	return check_super(self);
}

/* Make it ready for transactions; what it held has been recovered. */
ax_err_t journal_open(extfs_t *self)
{
	journal_t *journal = &self->journal;
	if (!journal->inode)
		return AX_OK;
	if (be32(journal->super.header.type) == JOURNAL_SUPER_2) {
		uint32_t incompat = be32(journal->super.feature_incompat);
		if (self->has_checksums && !journal->has_checksums)
			incompat |= JOURNAL_CSUM_3;
		if (self->super.feature_incompat & INCOMPAT_64BIT)
			incompat |= JOURNAL_64BIT;
		journal->super.feature_incompat = be32(incompat);
		note_features(journal);
	}
	journal->super.start = 0;
	journal->head = journal->first;
	self->transaction_max = AX_MIN((uint32_t)TRANSACTION_MAX, (journal->blocks - journal->first) / 4);
	ax_err_t error = journal_write_super(self);
	journal->is_open = !error;
	return error;
}

/* The log is empty: everything is in its place. */
ax_err_t journal_close(extfs_t *self)
{
	journal_t *journal = &self->journal;
	journal->super.start = 0;
	journal->super.sequence = be32(journal->sequence);
	journal->is_open = false;
	return journal_write_super(self);
}

/* Append to the log at *@p at, around its end if need be. */
static ax_err_t append(extfs_t *self, uint32_t *at, block_segment_t *segments, uint32_t count)
{
	while (count) {
		uint32_t run = AX_MIN(count, self->journal.blocks - *at);
		uint64_t physical;
		ax_err_t error = journal_find(self, *at, &run, &physical);
		if (!error)
			error = volume_write_segments(self, physical, segments, run);
		if (error)
			return error;
		*at = journal_next(&self->journal, *at, run);
		segments += run;
		count -= run;
	}
	return AX_OK;
}

static ax_err_t append_block(extfs_t *self, uint32_t *at, void *block)
{
	block_segment_t segment = { block, self->block_bytes };
	return append(self, at, &segment, 1);
}

static journal_header_t header_of(const journal_t *journal, uint32_t type)
{
	return (journal_header_t){ be32(JOURNAL_MAGIC), be32(type), be32(journal->sequence) };
}

/* A block that begins like one of the journal's own is kept with zeroes there. */
static bool must_escape(const buffer_t *buffer)
{
	uint32_t first;
	memcpy(&first, buffer->data, sizeof first);
	return first == be32(JOURNAL_MAGIC);
}

static uint32_t checksum_in_log(extfs_t *self, const buffer_t *buffer)
{
	const uint32_t sequence = be32(self->journal.sequence), zero = 0;
	if (!must_escape(buffer))
		return journal_block_checksum(self, sequence, buffer->data);
	uint32_t crc = crc32c(self->journal.seed, &sequence, sizeof sequence);
	crc = crc32c(crc, &zero, sizeof zero);
	return crc32c(crc, buffer->data + sizeof zero, self->block_bytes - sizeof zero);
}

static void put_tag(extfs_t *self, uint8_t *at, const buffer_t *buffer, uint32_t flags)
{
	const journal_t *journal = &self->journal;
	const uint32_t crc = journal->has_checksums ? checksum_in_log(self, buffer) : 0;
	const uint32_t lo = be32((uint32_t)buffer->block), hi = be32((uint32_t)(buffer->block >> 32));
	if (must_escape(buffer))
		flags |= TAG_ESCAPED;
	if (journal->is_version_3) {
		const journal_tag3_t tag = { lo, be32(flags), hi, be32(crc) };
		memcpy(at, &tag, sizeof tag);
	} else {
		const journal_tag_t tag = { lo, __builtin_bswap16((uint16_t)crc), __builtin_bswap16((uint16_t)flags), hi };
		memcpy(at, &tag, AX_MIN(sizeof tag, (size_t)journal_tag_bytes(journal)));
	}
}

/* The descriptor of @p count buffers, the first in the list from @p node on, in the scratch block. */
static void describe(extfs_t *self, const list_node_t *node, uint32_t count)
{
	const journal_t *journal = &self->journal;
	const journal_header_t header = header_of(journal, JOURNAL_DESCRIPTOR);
	uint8_t *at = self->scratch + sizeof header;
	memset(self->scratch, 0, self->block_bytes);
	memcpy(self->scratch, &header, sizeof header);
	for (uint32_t i = 0; i < count; i++, node = node->next) {
		const uint32_t last = i == count - 1 ? TAG_LAST : 0;
		put_tag(self, at, list_entry(node, buffer_t, in_order), i ? TAG_SAME_UUID | last : last);
		at += journal_tag_bytes(journal);
		if (i == 0) {
			memcpy(at, journal->super.uuid, UUID_BYTES);
			at += UUID_BYTES;
		}
	}
	if (journal->has_checksums) {
		const uint32_t crc = be32(crc32c(journal->seed, self->scratch, self->block_bytes));
		memcpy(self->scratch + self->block_bytes - sizeof crc, &crc, sizeof crc);
	}
}

/* The blocks that the descriptor names. */
static ax_err_t append_buffers(extfs_t *self, uint32_t *at, const list_node_t *node, uint32_t count)
{
	block_segment_t segments[RUN_MAX];
	uint32_t run = 0;
	ax_err_t error = AX_OK;
	for (uint32_t i = 0; i < count && !error; i++, node = node->next) {
		const buffer_t *buffer = list_entry(node, buffer_t, in_order);
		const bool escaped = must_escape(buffer);
		if (!escaped)
			segments[run++] = (block_segment_t){ buffer->data, self->block_bytes };
		if (run == RUN_MAX || (run && (escaped || i == count - 1))) {
			error = append(self, at, segments, run);
			run = 0;
		}
		if (escaped && !error) {
			memcpy(self->scratch, buffer->data, self->block_bytes);
			memset(self->scratch, 0, sizeof(uint32_t));
			error = append_block(self, at, self->scratch);
		}
	}
	return error;
}

static uint32_t tags_per_descriptor(const extfs_t *self)
{
	const uint32_t around = sizeof(journal_header_t) + UUID_BYTES + sizeof(uint32_t);
	return (self->block_bytes - around) / journal_tag_bytes(&self->journal);
}

static ax_err_t append_transaction(extfs_t *self, uint32_t *at)
{
	const uint32_t most = tags_per_descriptor(self);
	const list_node_t *node = list_first(&self->transaction);
	for (uint32_t left = self->transaction_count; left;) {
		const uint32_t count = AX_MIN(left, most);
		describe(self, node, count);
		ax_err_t error = append_block(self, at, self->scratch);
		if (!error)
			error = append_buffers(self, at, node, count);
		if (error)
			return error;
		for (uint32_t i = 0; i < count; i++)
			node = node->next;
		left -= count;
	}
	return AX_OK;
}

static ax_err_t append_commit(extfs_t *self, uint32_t *at)
{
	const journal_t *journal = &self->journal;
	const uint64_t now_ns = (uint64_t)self->vfs.host->now_ns();
	const journal_commit_t commit = {
		.header = header_of(journal, JOURNAL_COMMIT),
		.seconds = __builtin_bswap64(now_ns / 1000000000),
		.nanoseconds = be32((uint32_t)(now_ns % 1000000000)),
	};
	memset(self->scratch, 0, self->block_bytes);
	memcpy(self->scratch, &commit, sizeof commit);
	if (journal->has_checksums) {
		const uint32_t crc = be32(crc32c(journal->seed, self->scratch, self->block_bytes));
		memcpy(self->scratch + offsetof(journal_commit_t, checksum), &crc, sizeof crc);
	}
	return append_block(self, at, self->scratch);
}

ax_err_t journal_commit(extfs_t *self)
{
	journal_t *journal = &self->journal;
	const uint32_t count = self->transaction_count, most = tags_per_descriptor(self);
	uint32_t at = journal->head;
	if (count + (count + most - 1) / most + 1 > (journal->blocks - journal->first) / 2)
		return AX_ERR_NO_SPACE;
	ax_err_t error = append_transaction(self, &at);
	if (!error)
		error = volume_flush(self);
	if (!error) {
		journal->super.start = be32(journal->head);
		journal->super.sequence = be32(journal->sequence);
		error = journal_write_super(self);
	}
	if (!error)
		error = append_commit(self, &at);
	if (!error)
		error = volume_flush(self);
	journal->head = at;
	journal->sequence++;
	return error;
}
