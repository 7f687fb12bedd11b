/* SPDX-License-Identifier: Apache-2.0 */
/* Group descriptors: where they are, what they say, and their checksums and those of the bitmaps. */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

uint64_t group_first_block(const extfs_t *self, uint32_t index)
{
	return self->super.first_data_block + (uint64_t)index * self->super.blocks_per_group;
}

uint32_t group_blocks(const extfs_t *self, uint32_t index)
{
	const uint64_t left = self->blocks_count - group_first_block(self, index);
	return (uint32_t)AX_MIN(left, (uint64_t)self->super.blocks_per_group);
}

uint32_t group_inode_blocks(const extfs_t *self)
{
	return (uint32_t)(((uint64_t)self->super.inodes_per_group * self->inode_bytes + self->block_bytes - 1) >>
			  self->block_shift);
}

static bool is_power_of(uint32_t value, uint32_t base)
{
	uint64_t power = base;
	while (power < value)
		power *= base;
	return power == value;
}

static bool has_super_copy(const extfs_t *self, uint32_t index)
{
	if (index == 0)
		return true;
	if (self->super.feature_compat & COMPAT_SPARSE_SUPER2) {
		uint32_t copies[2];
		memcpy(copies, (const uint8_t *)&self->super + 0x24c, sizeof copies);
		return index == copies[0] || index == copies[1];
	}
	if (!(self->super.feature_ro_compat & RO_SPARSE_SUPER))
		return true;
	return index == 1 || is_power_of(index, 3) || is_power_of(index, 5) || is_power_of(index, 7);
}

static bool is_meta_group(const extfs_t *self, uint32_t index)
{
	return self->super.feature_incompat & INCOMPAT_META_BG &&
	       index / self->groups_per_block >= self->super.first_meta_bg;
}

uint32_t group_base_blocks(const extfs_t *self, uint32_t index)
{
	const uint32_t copies = has_super_copy(self, index);
	if (is_meta_group(self, index)) {
		const uint32_t at = index % self->groups_per_block;
		return copies + (at == 0 || at == 1 || at == self->groups_per_block - 1);
	}
	if (!copies)
		return 0;
	uint32_t blocks = (self->group_count + self->groups_per_block - 1) / self->groups_per_block;
	if (self->super.feature_incompat & INCOMPAT_META_BG)
		blocks = AX_MIN(blocks, self->super.first_meta_bg);
	return 1 + blocks + self->super.reserved_gdt_blocks;
}

static uint64_t descriptors_block(const extfs_t *self, uint32_t index)
{
	const uint32_t number = index / self->groups_per_block;
	if (!is_meta_group(self, index))
		return self->super.first_data_block + 1 + (uint64_t)number;
	const uint32_t first = number * self->groups_per_block;
	return group_first_block(self, first) + has_super_copy(self, first);
}

static uint16_t descriptor_checksum(const extfs_t *self, uint32_t index, const group_t *group)
{
	const size_t hole = offsetof(group_t, checksum);
	if (self->has_checksums) {
		uint32_t crc = crc32c(self->seed, &index, sizeof index);
		return (uint16_t)crc32c_with_hole(crc, group, self->group_bytes, hole, sizeof group->checksum);
	}
	const size_t behind = hole + sizeof group->checksum;
	uint16_t crc = crc16(UINT16_MAX, self->super.uuid, sizeof self->super.uuid);
	crc = crc16(crc, &index, sizeof index);
	crc = crc16(crc, group, hole);
	return crc16(crc, (const uint8_t *)group + behind, self->group_bytes - behind);
}

static bool is_sound(const extfs_t *self, uint32_t index, const group_t *group)
{
	if (self->has_group_checksums && !self->is_recovering && descriptor_checksum(self, index, group) != group->checksum)
		return false;
	return blocks_are_valid(self, group_block_bitmap(self, group), 1) &&
	       blocks_are_valid(self, group_inode_bitmap(self, group), 1) &&
	       blocks_are_valid(self, group_inode_table(self, group), group_inode_blocks(self)) &&
	       group_count_of(self, &group->free_blocks_count_lo, &group->free_blocks_count_hi) <= group_blocks(self, index) &&
	       group_count_of(self, &group->free_inodes_count_lo, &group->free_inodes_count_hi) <= self->super.inodes_per_group &&
	       group_count_of(self, &group->itable_unused_lo, &group->itable_unused_hi) <= self->super.inodes_per_group;
}

static group_t *descriptor_in(const extfs_t *self, buffer_t *buffer, uint32_t position)
{
	return (group_t *)(buffer->data + (size_t)position * self->group_bytes);
}

ax_err_t group_get(extfs_t *self, uint32_t index, buffer_t **out, group_t **group)
{
	buffer_t *buffer;
	if (index >= self->group_count)
		return AX_ERR_IO;
	ax_err_t error = buffer_get(self, descriptors_block(self, index), KIND_GROUPS, &buffer);
	if (error)
		return error;
	const uint32_t first = index - index % self->groups_per_block;
	if (!buffer->is_checked) {
		const uint32_t count = AX_MIN(self->groups_per_block, self->group_count - first);
		for (uint32_t i = 0; i < count; i++) {
			if (!is_sound(self, first + i, descriptor_in(self, buffer, i))) {
				buffer_put(buffer);
				return extfs_damaged(self, "group descriptor", first + i);
			}
		}
		buffer->is_checked = true;
		buffer->seed = first;
	}
	*out = buffer;
	*group = descriptor_in(self, buffer, index - first);
	return AX_OK;
}

void group_seal_all(extfs_t *self, buffer_t *buffer)
{
	const uint32_t count = AX_MIN(self->groups_per_block, self->group_count - buffer->seed);
	for (uint32_t i = 0; self->has_group_checksums && i < count; i++) {
		group_t *group = descriptor_in(self, buffer, i);
		group->checksum = descriptor_checksum(self, buffer->seed + i, group);
	}
}

/* The halves of a descriptor's numbers; small descriptors have the low ones. */
static bool is_wide(const extfs_t *self)
{
	return self->group_bytes >= sizeof(group_t);
}

static uint64_t join(const extfs_t *self, uint32_t lo, const uint32_t *hi)
{
	return is_wide(self) ? (uint64_t)*hi << 32 | lo : lo;
}

uint64_t group_block_bitmap(const extfs_t *self, const group_t *group)
{
	return join(self, group->block_bitmap_lo, &group->block_bitmap_hi);
}

uint64_t group_inode_bitmap(const extfs_t *self, const group_t *group)
{
	return join(self, group->inode_bitmap_lo, &group->inode_bitmap_hi);
}

uint64_t group_inode_table(const extfs_t *self, const group_t *group)
{
	return join(self, group->inode_table_lo, &group->inode_table_hi);
}

uint32_t group_count_of(const extfs_t *self, const uint16_t *lo, const uint16_t *hi)
{
	return is_wide(self) ? (uint32_t)*hi << 16 | *lo : *lo;
}

void group_count_set(const extfs_t *self, uint16_t *lo, uint16_t *hi, uint32_t value)
{
	*lo = (uint16_t)value;
	if (is_wide(self))
		*hi = (uint16_t)(value >> 16);
}

static uint32_t bitmap_checksum(const extfs_t *self, bool of_blocks, const uint8_t *bitmap)
{
	const uint32_t bits = of_blocks ? self->super.blocks_per_group : self->super.inodes_per_group;
	return crc32c(self->seed, bitmap, bits / 8);
}

void group_set_bitmap_checksum(const extfs_t *self, group_t *group, bool of_blocks, const uint8_t *bitmap)
{
	if (!self->has_checksums)
		return;
	const uint32_t crc = bitmap_checksum(self, of_blocks, bitmap);
	if (of_blocks)
		group_count_set(self, &group->block_bitmap_csum_lo, &group->block_bitmap_csum_hi, crc);
	else
		group_count_set(self, &group->inode_bitmap_csum_lo, &group->inode_bitmap_csum_hi, crc);
}

bool group_bitmap_checksum_holds(const extfs_t *self, const group_t *group, bool of_blocks, const uint8_t *bitmap)
{
	if (!self->has_checksums)
		return true;
	const uint32_t mask = is_wide(self) ? UINT32_MAX : UINT16_MAX;
	const uint32_t kept = of_blocks ? group_count_of(self, &group->block_bitmap_csum_lo, &group->block_bitmap_csum_hi)
					: group_count_of(self, &group->inode_bitmap_csum_lo, &group->inode_bitmap_csum_hi);
	return kept == (bitmap_checksum(self, of_blocks, bitmap) & mask);
}
