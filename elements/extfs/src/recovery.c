/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery: whole transactions of the log go to their places. Three passes, as Linux has them: SCAN finds where the log
 * ends and checks it, REVOKE notes which blocks must not be written (they were freed, and may hold data since), REPLAY
 * writes. A transaction without its commit block is as if it had never been.
 */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

enum pass { SCAN, REVOKE, REPLAY };

enum { FIRST_REVOKES = 1024, REVOKE_HEADER_BYTES = 16 };

/* Block and last transaction that revokes it: a hash table with open addressing, at most half full. */
typedef struct revoke {
	uint64_t block; /* + 1; 0: free */
	uint32_t sequence;
} revoke_t;

typedef struct recovery {
	extfs_t *volume;
	uint8_t *header; /* of the block that is looked at */
	uint8_t *data;
	uint32_t at;
	uint32_t sequence;
	uint32_t steps;  /* blocks passed: the log is a ring */
	uint32_t end;    /* the first transaction that is not whole */
	bool is_bad;     /* the transaction does not fit its checksums */
	revoke_t *revokes;
	uint32_t revoke_size, revoke_count;
} recovery_t;

static uint32_t be32_at(const uint8_t *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof value);
	return __builtin_bswap32(value);
}

static revoke_t *revoke_slot(const recovery_t *self, uint64_t block)
{
	uint32_t at = (uint32_t)((block + 1) * 0x9e3779b97f4a7c15ull >> 32) & (self->revoke_size - 1);
	while (self->revokes[at].block && self->revokes[at].block != block + 1)
		at = (at + 1) & (self->revoke_size - 1);
	return &self->revokes[at];
}

static ax_err_t revokes_grow(recovery_t *self)
{
	const vfs_host_t *host = self->volume->vfs.host;
	revoke_t *old = self->revokes;
	const uint32_t old_size = self->revoke_size, size = old_size ? old_size * 2 : FIRST_REVOKES;
	revoke_t *grown = host->allocate(size * sizeof *grown);
	if (!grown)
		return AX_ERR_NO_MEMORY;
	memset(grown, 0, size * sizeof *grown);
	self->revokes = grown;
	self->revoke_size = size;
	for (uint32_t i = 0; i < old_size; i++) {
		if (old[i].block)
			*revoke_slot(self, old[i].block - 1) = old[i];
	}
	host->free(old);
	return AX_OK;
}

static ax_err_t revoke_add(recovery_t *self, uint64_t block, uint32_t sequence)
{
	if (self->revoke_count >= self->revoke_size / 2) {
		ax_err_t error = revokes_grow(self);
		if (error)
			return error;
	}
	revoke_t *slot = revoke_slot(self, block);
	if (!slot->block)
		self->revoke_count++;
	if (!slot->block || (int32_t)(sequence - slot->sequence) > 0)
		*slot = (revoke_t){ block + 1, sequence };
	return AX_OK;
}

static bool is_revoked(const recovery_t *self, uint64_t block, uint32_t sequence)
{
	if (!self->revoke_count)
		return false;
	const revoke_t *slot = revoke_slot(self, block);
	return slot->block && (int32_t)(slot->sequence - sequence) >= 0;
}

static ax_err_t read_next(recovery_t *self, void *to)
{
	ax_err_t error = journal_read(self->volume, self->at, to);
	self->at = journal_next(&self->volume->journal, self->at, 1);
	self->steps++;
	return error;
}

/* Whether a block of the journal's own fits the checksum at @p hole in it. */
static bool checksum_holds(const recovery_t *self, size_t hole)
{
	const extfs_t *volume = self->volume;
	return !volume->journal.has_checksums ||
	       be32_at(self->header + hole) ==
		       crc32c_with_hole(volume->journal.seed, self->header, volume->block_bytes, hole, 4);
}

typedef struct tag {
	uint64_t block;
	uint32_t flags;
	uint32_t checksum;
	bool is_last;
} tag_t;

/* The tag at *@p offset of the descriptor; false: there is none. */
static bool next_tag(const recovery_t *self, uint32_t *offset, tag_t *tag)
{
	const extfs_t *volume = self->volume;
	const journal_t *journal = &volume->journal;
	const uint32_t bytes = journal_tag_bytes(journal);
	const uint32_t end = volume->block_bytes - (journal->has_checksums ? sizeof(uint32_t) : 0);
	if (*offset + bytes > end)
		return false;
	const uint8_t *at = self->header + *offset;
	if (journal->is_version_3) {
		*tag = (tag_t){ be32_at(at), be32_at(at + 4), be32_at(at + 12), false };
	} else {
		const uint32_t both = be32_at(at + 4);
		*tag = (tag_t){ be32_at(at), both & UINT16_MAX, both >> 16, false };
	}
	if (journal->is_64bit)
		tag->block |= (uint64_t)be32_at(at + 8) << 32;
	tag->is_last = tag->flags & TAG_LAST;
	*offset += bytes + (tag->flags & TAG_SAME_UUID ? 0 : 16);
	return true;
}

static bool block_checksum_holds(const recovery_t *self, const tag_t *tag)
{
	const extfs_t *volume = self->volume;
	const journal_t *journal = &volume->journal;
	if (!journal->has_checksums)
		return true;
	const uint32_t crc = journal_block_checksum(volume, __builtin_bswap32(self->sequence), self->data);
	return tag->checksum == (journal->is_version_3 ? crc : crc & UINT16_MAX);
}

static ax_err_t replay(recovery_t *self, const tag_t *tag)
{
	extfs_t *volume = self->volume;
	const uint32_t magic = __builtin_bswap32(JOURNAL_MAGIC);
	if (is_revoked(self, tag->block, self->sequence) || tag->flags & TAG_DELETED)
		return AX_OK;
	if (tag->block >= volume->blocks_count)
		return extfs_damaged(volume, "block number in the journal", tag->block);
	if (tag->flags & TAG_ESCAPED)
		memcpy(self->data, &magic, sizeof magic);
	return volume_write(volume, tag->block, 1, self->data);
}

static ax_err_t take_descriptor(recovery_t *self, enum pass pass)
{
	uint32_t offset = sizeof(journal_header_t);
	tag_t tag = { 0 };
	if (!checksum_holds(self, self->volume->block_bytes - sizeof(uint32_t)))
		self->is_bad = true;
	while (!tag.is_last && self->steps <= self->volume->journal.blocks && next_tag(self, &offset, &tag)) {
		ax_err_t error = read_next(self, self->data);
		if (!error && pass == SCAN && !block_checksum_holds(self, &tag))
			self->is_bad = true;
		if (!error && pass == REPLAY)
			error = replay(self, &tag);
		if (error)
			return error;
	}
	return AX_OK;
}

static ax_err_t take_revoke(recovery_t *self, enum pass pass)
{
	const extfs_t *volume = self->volume;
	const uint32_t entry_bytes = volume->journal.is_64bit ? 8 : 4;
	const uint32_t room = volume->block_bytes - (volume->journal.has_checksums ? sizeof(uint32_t) : 0);
	const uint32_t end = be32_at(self->header + sizeof(journal_header_t));
	if (end > room || !checksum_holds(self, volume->block_bytes - sizeof(uint32_t))) {
		self->is_bad = true;
		return AX_OK;
	}
	for (uint32_t at = REVOKE_HEADER_BYTES; pass == REVOKE && at + entry_bytes <= end; at += entry_bytes) {
		uint64_t block = be32_at(self->header + at);
		if (entry_bytes == 8)
			block = block << 32 | be32_at(self->header + at + 4);
		ax_err_t error = revoke_add(self, block, self->sequence);
		if (error)
			return error;
	}
	return AX_OK;
}

/* The log from its start to its end, or, in the first pass, to where it is no log any more. */
static ax_err_t walk(recovery_t *self, enum pass pass)
{
	const journal_t *journal = &self->volume->journal;
	self->at = __builtin_bswap32(journal->super.start);
	self->sequence = __builtin_bswap32(journal->super.sequence);
	self->steps = 0;
	self->is_bad = false;
	if (pass == SCAN)
		self->end = self->sequence;
	while (self->steps <= journal->blocks && (pass == SCAN || self->sequence != self->end)) {
		ax_err_t error = read_next(self, self->header);
		if (error)
			return error;
		if (be32_at(self->header) != JOURNAL_MAGIC || be32_at(self->header + 8) != self->sequence)
			break;
		const uint32_t type = be32_at(self->header + 4);
		if (type == JOURNAL_DESCRIPTOR) {
			error = take_descriptor(self, pass);
		} else if (type == JOURNAL_REVOKE) {
			error = take_revoke(self, pass);
		} else if (type == JOURNAL_COMMIT) {
			if (!checksum_holds(self, offsetof(journal_commit_t, checksum)))
				break; /* not written to its end */
			if (self->is_bad)
				return extfs_damaged(self->volume, "transaction in the journal", self->sequence);
			self->sequence++;
		} else {
			break;
		}
		if (error)
			return error;
	}
	if (pass == SCAN)
		self->end = self->sequence;
	return AX_OK;
}

static ax_err_t run(recovery_t *self)
{
	for (enum pass pass = SCAN; pass <= REPLAY; pass++) {
		ax_err_t error = walk(self, pass);
		if (error)
			return error;
	}
	return volume_flush(self->volume);
}

/* What is in memory of the metadata is out of date afterwards. */
ax_err_t journal_recover(extfs_t *self)
{
	recovery_t recovery = { .volume = self };
	if (!self->journal.inode || !self->journal.super.start)
		return AX_OK;
	recovery.header = self->vfs.host->allocate(self->block_bytes);
	recovery.data = self->vfs.host->allocate(self->block_bytes);
	ax_err_t error = recovery.header && recovery.data ? run(&recovery) : AX_ERR_NO_MEMORY;
	if (!error) {
		self->journal.sequence = recovery.end + 1; /* one between: no old block can pass for a new one */
		self->journal.super.sequence = __builtin_bswap32(self->journal.sequence);
		self->journal.super.start = 0;
	}
	self->vfs.host->free(recovery.header);
	self->vfs.host->free(recovery.data);
	self->vfs.host->free(recovery.revokes);
	return error;
}
