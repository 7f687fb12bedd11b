/* SPDX-License-Identifier: Apache-2.0 */
/* Inode numbers: a file's is in its directory's group if that has one, a directory's in an emptier one. */
#include "bitmap.h"
#include "volume.h"

#include <memstr/memstr.h>

static ax_err_t enter(extfs_t *self, uint32_t index, group_bitmap_t *at)
{
	const uint32_t inodes = self->super.inodes_per_group;
	ax_err_t error = group_bitmap_enter(self, index, false, at);
	if (!error && at->is_unwritten)
		bits_set(at->bitmap->data, inodes, self->block_bytes * 8 - inodes);
	return error;
}

static void change(extfs_t *self, const group_bitmap_t *at, int freed, bool is_directory)
{
	group_t *group = at->group;
	const uint32_t free_inodes = group_count_of(self, &group->free_inodes_count_lo, &group->free_inodes_count_hi);
	const uint32_t directories = group_count_of(self, &group->used_dirs_count_lo, &group->used_dirs_count_hi);
	group_count_set(self, &group->free_inodes_count_lo, &group->free_inodes_count_hi, free_inodes + (uint32_t)freed);
	if (is_directory)
		group_count_set(self, &group->used_dirs_count_lo, &group->used_dirs_count_hi, directories - (uint32_t)freed);
	self->super.free_inodes_count += (uint32_t)freed;
	group_bitmap_change(self, at);
}

/* Behind the last inode ever used the table may never have been written: what is used now is no more behind it. */
static void note_used(extfs_t *self, group_t *group, uint32_t bit)
{
	const uint32_t left = self->super.inodes_per_group - bit - 1;
	if (self->has_group_checksums && group_count_of(self, &group->itable_unused_lo, &group->itable_unused_hi) > left)
		group_count_set(self, &group->itable_unused_lo, &group->itable_unused_hi, left);
}

static ax_err_t allocate_in(extfs_t *self, uint32_t index, bool is_directory, uint32_t *number)
{
	group_bitmap_t at;
	ax_err_t error = enter(self, index, &at);
	if (error)
		return error;
	const uint32_t inodes = self->super.inodes_per_group;
	const uint32_t reserved = index == 0 ? self->first_inode - 1 : 0;
	const uint32_t bit = bits_find_clear(at.bitmap->data, AX_MIN(reserved, inodes), inodes);
	*number = 0;
	if (bit < inodes) {
		bits_set(at.bitmap->data, bit, 1);
		note_used(self, at.group, bit);
		change(self, &at, -1, is_directory);
		*number = index * inodes + bit + 1;
	}
	group_bitmap_leave(&at);
	return AX_OK;
}

ax_err_t inode_number_allocate(extfs_t *self, uint32_t parent, bool is_directory, uint32_t *number)
{
	const uint32_t home = (parent - 1) / self->super.inodes_per_group;
	const uint32_t average = self->super.free_inodes_count / self->group_count;
	/* first round: directories only where there are more free inodes than on average */
	for (int round = is_directory ? 0 : 1; round < 2; round++) {
		for (uint32_t i = 0; i < self->group_count; i++) {
			buffer_t *descriptors;
			group_t *group;
			const uint32_t index = (uint32_t)(((uint64_t)home + i) % self->group_count);
			ax_err_t error = group_get(self, index, &descriptors, &group);
			if (error)
				return error;
			const uint32_t free_inodes =
				group_count_of(self, &group->free_inodes_count_lo, &group->free_inodes_count_hi);
			buffer_put(descriptors);
			if (!free_inodes || (round == 0 && free_inodes < average))
				continue;
			error = allocate_in(self, index, is_directory, number);
			if (error || *number)
				return error;
		}
	}
	return AX_ERR_NO_SPACE;
}

ax_err_t inode_number_free(extfs_t *self, uint32_t number, bool is_directory)
{
	group_bitmap_t at;
	const uint32_t index = (number - 1) / self->super.inodes_per_group, bit = (number - 1) % self->super.inodes_per_group;
	ax_err_t error = enter(self, index, &at);
	if (error)
		return error;
	if (!bit_is_set(at.bitmap->data, bit)) {
		group_bitmap_leave(&at);
		return extfs_damaged(self, "a free inode is freed", number);
	}
	bit_clear(at.bitmap->data, bit);
	change(self, &at, 1, is_directory);
	group_bitmap_leave(&at);
	return AX_OK;
}
