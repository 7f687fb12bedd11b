/* SPDX-License-Identifier: Apache-2.0 */
/* References end in release(); times are set when somebody looks, not when the operation happens. */
#include "host.h"

#include <axfs_vfs/vfs.h>
#include <axtest.h>

static unsigned s_released;

static void count_release([[maybe_unused]] vfs_node_t *node)
{
	s_released++;
}

static const vfs_ops_t s_ops = { .release = count_release };
static const vfs_ops_t s_none = {};
static vfs_t s_fs = { .host = &s_host };

TEST(the_last_reference_releases_the_node)
{
	vfs_node_t node = { .ops = &s_ops, .fs = &s_fs, .references = 1 };
	s_released = 0;
	vfs_node_get(&node);
	vfs_node_put(&node);
	CHECK_EQ(s_released, 0);
	vfs_node_put(&node);
	CHECK_EQ(s_released, 1);
}

TEST(a_file_system_without_release_keeps_its_nodes)
{
	vfs_node_t node = { .ops = &s_none, .fs = &s_fs, .references = 1 };
	vfs_node_put(&node);
	CHECK_EQ(node.references, 0);
}

TEST(a_time_is_that_of_the_look_and_only_what_is_due_changes)
{
	vfs_node_t node = { .ops = &s_ops, .fs = &s_fs };
	s_now_ns = 5;
	vfs_node_mark(&node, VFS_ACCESSED);
	s_now_ns = 7;
	vfs_node_stamp(&node);
	CHECK_EQ(node.accessed_ns, 7);
	CHECK_EQ(node.modified_ns, 0);
	CHECK_EQ(node.changed_ns, 0);
	CHECK_EQ(node.unsaved, VFS_SET_TIMES);
	s_now_ns = 9;
	vfs_node_stamp(&node);
	CHECK_EQ(node.accessed_ns, 7);
}

TEST(a_write_changes_the_time_of_change_too)
{
	vfs_node_t node = { .ops = &s_ops, .fs = &s_fs };
	s_now_ns = 11;
	vfs_node_mark(&node, VFS_MODIFIED);
	vfs_node_stamp(&node);
	CHECK_EQ(node.modified_ns, 11);
	CHECK_EQ(node.changed_ns, 11);
	CHECK_EQ(node.accessed_ns, 0);
}
