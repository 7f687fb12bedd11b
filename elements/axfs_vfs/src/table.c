/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash table with chains; it doubles when it holds two nodes a chain, and stays as it is when there is no memory
 * for that.
 */
#include <axfs_vfs/table.h>

enum { FIRST_CHAINS = 16 };

/* Fibonacci hashing (Knuth, TAOCP vol. 3, 6.4): inode numbers are dense, or offsets on a device. */
static size_t chain_of(uint64_t number, size_t chain_count)
{
	return (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (chain_count - 1);
}

static vfs_table_link_t **new_chains(const vfs_host_t *host, size_t count)
{
	vfs_table_link_t **chains = host->allocate(count * sizeof *chains);
	for (size_t i = 0; chains && i < count; i++)
		chains[i] = NULL;
	return chains;
}

ax_err_t vfs_table_init(vfs_table_t *self, const vfs_host_t *host)
{
	*self = (vfs_table_t){ .host = host, .chain_count = FIRST_CHAINS, .chains = new_chains(host, FIRST_CHAINS) };
	return self->chains ? AX_OK : AX_ERR_NO_MEMORY;
}

void vfs_table_destroy(vfs_table_t *self)
{
	self->host->free(self->chains);
	self->chains = NULL;
}

vfs_node_t *vfs_table_find(vfs_table_t *self, uint64_t number)
{
	vfs_table_link_t *link = self->chains[chain_of(number, self->chain_count)];
	while (link && link->node->number != number)
		link = link->next;
	if (!link)
		return NULL;
	vfs_node_get(link->node);
	return link->node;
}

static void push(vfs_table_link_t **chains, size_t chain_count, vfs_table_link_t *link)
{
	vfs_table_link_t **chain = &chains[chain_of(link->node->number, chain_count)];
	link->next = *chain;
	*chain = link;
}

static void grow(vfs_table_t *self)
{
	const size_t count = self->chain_count * 2;
	vfs_table_link_t **chains = new_chains(self->host, count);
	if (!chains)
		return;
	for (size_t i = 0; i < self->chain_count; i++) {
		for (vfs_table_link_t *link = self->chains[i], *next; link; link = next) {
			next = link->next;
			push(chains, count, link);
		}
	}
	self->host->free(self->chains);
	self->chains = chains;
	self->chain_count = count;
}

void vfs_table_add(vfs_table_t *self, vfs_table_link_t *link, vfs_node_t *node)
{
	if (self->count >= self->chain_count * 2)
		grow(self);
	link->node = node;
	push(self->chains, self->chain_count, link);
	self->count++;
}

bool vfs_table_remove_unused(vfs_table_t *self, vfs_table_link_t *link)
{
	if (__atomic_load_n(&link->node->references, __ATOMIC_ACQUIRE))
		return false;
	vfs_table_link_t **at = &self->chains[chain_of(link->node->number, self->chain_count)];
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	self->count--;
	return true;
}

vfs_table_link_t *vfs_table_any(vfs_table_t *self)
{
	for (size_t i = 0; self->count && i < self->chain_count; i++) {
		if (self->chains[i])
			return self->chains[i];
	}
	return NULL;
}
