/* SPDX-License-Identifier: Apache-2.0 */
/* Names in directories. A directory has a link for its own name, one for its ".", and one for each ".." in it. */
#include "node.h"

ax_err_t ramfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	const ramfs_name_t *found = ramfs_names_find(&ramfs_node_of(directory)->names, name, name_bytes);
	if (!found)
		return AX_ERR_NOT_FOUND;
	*node = &found->node->node;
	vfs_node_get(*node);
	return AX_OK;
}

/* @p node gets a name in @p directory. */
static ax_err_t enter(vfs_node_t *directory, const char *name, size_t name_bytes, ramfs_node_t *node)
{
	ramfs_node_t *self = ramfs_node_of(directory);
	if (!directory->links)
		return AX_ERR_NOT_FOUND; /* removed */
	ax_err_t error = ramfs_names_add(&self->names, directory->fs->host, name, name_bytes, node);
	if (error != AX_OK)
		return error;
	ramfs_node_add_link(node);
	if (vfs_is_directory(&node->node)) {
		ramfs_node_add_link(node);
		directory->links++;
		node->parent = self;
	}
	return AX_OK;
}

/* @p name, which is in @p directory, goes. */
static void leave(vfs_node_t *directory, ramfs_name_t *name)
{
	ramfs_node_t *node = name->node;
	ramfs_names_remove(&ramfs_node_of(directory)->names, directory->fs->host, name);
	if (vfs_is_directory(&node->node)) {
		node->node.links--;
		directory->links--;
	}
	ramfs_node_remove_link(node);
}

ax_err_t ramfs_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
		      vfs_node_t **node)
{
	ramfs_node_t *made;
	ax_err_t error = ramfs_node_new(ramfs_of(directory), what, &made);
	if (error != AX_OK)
		return error;
	error = enter(directory, name, name_bytes, made);
	if (error != AX_OK)
		ramfs_node_free(made);
	else
		*node = &made->node;
	return error;
}

ax_err_t ramfs_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	if (node->links == UINT32_MAX)
		return AX_ERR_TOO_MANY_LINKS;
	if (!node->links)
		return AX_ERR_NOT_FOUND;
	return enter(directory, name, name_bytes, ramfs_node_of(node));
}

static bool is_filled(const vfs_node_t *node)
{
	return vfs_is_directory(node) && container_of(node, ramfs_node_t, node)->names.count;
}

ax_err_t ramfs_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	ramfs_name_t *found = ramfs_names_find(&ramfs_node_of(directory)->names, name, name_bytes);
	if (!found || &found->node->node != node)
		return AX_ERR_NOT_FOUND;
	if (is_filled(node))
		return AX_ERR_NOT_EMPTY;
	leave(directory, found);
	return AX_OK;
}

/* An entry that changes its node: the place of @p replaced becomes @p node's. */
static void take_over(vfs_node_t *directory, ramfs_name_t *name, ramfs_node_t *node)
{
	ramfs_node_t *replaced = name->node;
	name->node = node;
	ramfs_node_add_link(node);
	if (vfs_is_directory(&node->node)) {
		ramfs_node_add_link(node);
		node->parent = ramfs_node_of(directory);
		replaced->node.links--; /* and the directory has the new one's ".." for the old one's */
	}
	ramfs_node_remove_link(replaced);
}

ax_err_t ramfs_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
		      const char *to_name, size_t to_bytes, vfs_node_t *replaced)
{
	ramfs_name_t *old = ramfs_names_find(&ramfs_node_of(from)->names, from_name, from_bytes);
	if (!old || &old->node->node != node)
		return AX_ERR_NOT_FOUND;
	if (replaced) {
		ramfs_name_t *place = ramfs_names_find(&ramfs_node_of(to)->names, to_name, to_bytes);
		if (!place || &place->node->node != replaced)
			return AX_ERR_NOT_FOUND;
		if (is_filled(replaced))
			return AX_ERR_NOT_EMPTY;
		take_over(to, place, ramfs_node_of(node));
	} else {
		ax_err_t error = enter(to, to_name, to_bytes, ramfs_node_of(node));
		if (error != AX_OK)
			return error;
	}
	leave(from, old);
	return AX_OK;
}

ax_err_t ramfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	const ramfs_names_t *names = &ramfs_node_of(directory)->names;
	for (ramfs_name_t *name; (name = ramfs_names_after(names, cookie)); cookie = name->cookie) {
		const vfs_entry_t entry = {
			.name = name->text, .name_bytes = name->bytes, .number = name->node->node.number,
			.type = vfs_type(&name->node->node), .next = name->cookie,
		};
		if (!emit(context, &entry))
			break;
	}
	return AX_OK;
}
