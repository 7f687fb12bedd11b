/* SPDX-License-Identifier: Apache-2.0 */
/* The table of nodes in memory: found by number, with a reference; taken out when nobody has one. */
#include "host.h"

#include <axfs_vfs/table.h>
#include <axtest.h>

typedef struct inode {
	vfs_node_t node;
	vfs_table_link_t link;
} inode_t;

enum { MANY = 1000 };

static inode_t s_inodes[MANY];

static void fill(vfs_table_t *table)
{
	for (size_t i = 0; i < MANY; i++) {
		s_inodes[i] = (inode_t){ .node = { .number = i * 128, .references = 1 } };
		vfs_table_add(table, &s_inodes[i].link, &s_inodes[i].node);
	}
}

TEST(a_node_is_found_by_its_number_with_a_new_reference)
{
	vfs_table_t table;
	CHECK(vfs_table_init(&table, &s_host) == AX_OK);
	fill(&table);
	for (size_t i = 0; i < MANY; i++) {
		CHECK(vfs_table_find(&table, i * 128) == &s_inodes[i].node);
		CHECK_EQ(s_inodes[i].node.references, 2);
	}
	CHECK(vfs_table_find(&table, 1) == NULL);
	vfs_table_destroy(&table);
}

TEST(a_node_stays_while_somebody_has_a_reference)
{
	vfs_table_t table;
	CHECK(vfs_table_init(&table, &s_host) == AX_OK);
	fill(&table);
	CHECK(!vfs_table_remove_unused(&table, &s_inodes[3].link));
	CHECK(vfs_node_drop(&s_inodes[3].node));
	CHECK(vfs_table_remove_unused(&table, &s_inodes[3].link));
	CHECK(vfs_table_find(&table, 3 * 128) == NULL);
	vfs_table_destroy(&table);
}

TEST(all_nodes_can_be_taken_out_one_after_the_other)
{
	vfs_table_t table;
	size_t count = 0;
	CHECK(vfs_table_init(&table, &s_host) == AX_OK);
	fill(&table);
	for (vfs_table_link_t *link; (link = vfs_table_any(&table)); count++) {
		CHECK(vfs_node_drop(link->node));
		CHECK(vfs_table_remove_unused(&table, link));
	}
	CHECK_EQ(count, MANY);
	vfs_table_destroy(&table);
}

TEST(without_memory_to_grow_the_table_still_works)
{
	vfs_table_t table;
	CHECK(vfs_table_init(&table, &s_host) == AX_OK);
	s_allocations_left = 0;
	fill(&table);
	s_allocations_left = SIZE_MAX;
	CHECK(vfs_table_find(&table, 77 * 128) == &s_inodes[77].node);
	vfs_table_destroy(&table);
	s_allocations_left = 0;
	CHECK(vfs_table_init(&table, &s_host) == AX_ERR_NO_MEMORY);
	s_allocations_left = SIZE_MAX;
}
