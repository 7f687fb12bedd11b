/* SPDX-License-Identifier: Apache-2.0 */
/* A group's bitmaps, with its descriptor beside them. */
#include "bitmap.h"

#include "volume.h"

void group_bitmap_leave(const group_bitmap_t *at)
{
	buffer_put(at->bitmap);
	buffer_put(at->descriptors);
}

ax_err_t group_bitmap_enter(extfs_t *self, uint32_t index, bool of_blocks, group_bitmap_t *at)
{
	ax_err_t error = group_get(self, index, &at->descriptors, &at->group);
	if (error)
		return error;
	const buffer_kind_t kind = of_blocks ? KIND_BLOCK_BITMAP : KIND_INODE_BITMAP;
	const uint64_t block = of_blocks ? group_block_bitmap(self, at->group) : group_inode_bitmap(self, at->group);
	at->unwritten = of_blocks ? GROUP_BLOCK_UNINIT : GROUP_INODE_UNINIT;
	at->is_unwritten = self->has_group_checksums && at->group->flags & at->unwritten;
	error = at->is_unwritten ? buffer_get_new(self, block, kind, &at->bitmap) : buffer_get(self, block, kind, &at->bitmap);
	if (error) {
		buffer_put(at->descriptors);
		return error;
	}
	at->bitmap->seed = index;
	if (!at->is_unwritten && !at->bitmap->is_checked &&
	    !group_bitmap_checksum_holds(self, at->group, of_blocks, at->bitmap->data)) {
		group_bitmap_leave(at);
		return extfs_damaged(self, of_blocks ? "block bitmap of group" : "inode bitmap of group", index);
	}
	at->bitmap->is_checked = true;
	return AX_OK;
}

void group_bitmap_change(extfs_t *self, const group_bitmap_t *at)
{
	at->group->flags &= (uint16_t)~at->unwritten;
	self->super_is_dirty = true;
	buffer_change(at->bitmap);
	buffer_change(at->descriptors);
}
