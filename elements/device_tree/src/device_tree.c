/* SPDX-License-Identifier: Apache-2.0 */
/* The walk and the reading of a node, over libfdt. See device_tree.h. */
#include <device_tree/device_tree.h>
#include <libfdt.h>
#include <memstr/memstr.h>
#include "cells.h"

/* Sections 2.3.5 and 2.3.8: what holds for the children of a node that does not say. */
#define ADDRESS_CELLS 2u
#define SIZE_CELLS    1u
#define CELLS_MOST    2u /* more, as PCI's three, are no memory */

ax_err_t device_tree_check(const void *blob, size_t *bytes)
{
	if (!blob || !is_aligned((uintptr_t)blob, 8) || fdt_check_header(blob))
		return AX_ERR_INVALID_INPUT;
	/* Section 5.6; libfdt relies on it. */
	if (!is_aligned(fdt_off_dt_struct(blob), 4) || !is_aligned(fdt_off_mem_rsvmap(blob), 8))
		return AX_ERR_INVALID_INPUT;
	size_t structure_end = (size_t)fdt_off_dt_struct(blob) + fdt_size_dt_struct(blob);
	size_t strings_end = (size_t)fdt_off_dt_strings(blob) + fdt_size_dt_strings(blob);
	*bytes = structure_end > strings_end ? structure_end : strings_end;
	return AX_OK;
}

/* Section 2.3.4: without the property a node is in use. */
static bool is_in_use(const char *status, int length)
{
	return length >= 3 && status[0] == 'o' && status[1] == 'k';
}

/* The walk stands in the node: its properties come before the nodes below it (section 5.4.1). */
typedef struct walk {
	device_tree_node_t node;
	bool is_open, is_used; /* not shown yet; shall be */
	int depth, unused_depth;
	void (*visit)(const device_tree_node_t *node, void *context);
	void *context;
} walk_t;

/* All properties of the node that is open are seen. */
static void show(walk_t *walk)
{
	if (walk->is_open && !walk->is_used)
		walk->unused_depth = walk->depth;
	else if (walk->is_open)
		walk->visit(&walk->node, walk->context);
	walk->is_open = false;
}

static void open_node(walk_t *walk, int offset)
{
	show(walk);
	walk->depth++;
	if (walk->depth > walk->unused_depth)
		return;
	walk->unused_depth = DEVICE_TREE_DEPTH - 1;
	if (walk->depth >= DEVICE_TREE_DEPTH)
		return;
	walk->node.offset = walk->node.ancestors[walk->depth] = offset;
	walk->node.depth = (unsigned)walk->depth;
	walk->node.compatible = NULL;
	walk->node.compatible_bytes = 0;
	walk->is_open = walk->is_used = true;
}

static void take_property(walk_t *walk, int offset)
{
	int length;
	const char *name, *value = fdt_getprop_by_offset(walk->node.blob, offset, &name, &length);
	if (!value)
		return;
	if (!strcmp(name, "compatible")) {
		walk->node.compatible = value;
		walk->node.compatible_bytes = (unsigned)length;
	} else if (!strcmp(name, "status")) {
		walk->is_used = is_in_use(value, length);
	}
}

/* One pass: a look-up by name begins at the node's start each time, which at boot is most of what is done. */
void device_tree_walk(const void *blob, void (*visit)(const device_tree_node_t *node, void *context), void *context)
{
	walk_t walk = { .node.blob = blob, .depth = -1, .unused_depth = DEVICE_TREE_DEPTH, .visit = visit, .context = context };
	for (int offset = 0, next = 0; next >= 0; offset = next) {
		switch (fdt_next_tag(blob, offset, &next)) {
		case FDT_BEGIN_NODE:
			open_node(&walk, offset);
			break;
		case FDT_PROP:
			if (walk.is_open)
				take_property(&walk, offset);
			break;
		case FDT_END_NODE:
			show(&walk);
			if (--walk.depth < 0)
				return;
			break;
		case FDT_NOP:
			break;
		default:
			show(&walk);
			return;
		}
	}
	show(&walk);
}

bool device_tree_reserved(const void *blob, unsigned index, paddr_t *start, uint64_t *bytes)
{
	return (int)index < fdt_num_mem_rsv(blob) && !fdt_get_mem_rsv(blob, (int)index, start, bytes);
}

static const char *name_at(const void *blob, int offset)
{
	const char *name = fdt_get_name(blob, offset, NULL);
	return name ? name : "";
}

const char *device_tree_name(const device_tree_node_t *node)
{
	return name_at(node->blob, node->offset);
}

const char *device_tree_ancestor_name(const device_tree_node_t *node, unsigned depth)
{
	return depth <= node->depth ? name_at(node->blob, node->ancestors[depth]) : "";
}

bool device_tree_is(const device_tree_node_t *node, const char *name)
{
	const char *own = device_tree_name(node);
	size_t length = strlen(name);
	return !strncmp(own, name, length) && (!own[length] || own[length] == '@');
}

bool device_tree_is_compatible(const device_tree_node_t *node, const char *string)
{
	return node->compatible && fdt_stringlist_contains(node->compatible, (int)node->compatible_bytes, string);
}

const void *device_tree_property_at(const void *blob, int offset, const char *name, size_t *bytes)
{
	int length;
	const void *value = fdt_getprop(blob, offset, name, &length);
	*bytes = value ? (size_t)length : 0;
	return value;
}

const void *device_tree_property(const device_tree_node_t *node, const char *name, size_t *bytes)
{
	return device_tree_property_at(node->blob, node->offset, name, bytes);
}

const char *device_tree_string(const device_tree_node_t *node, const char *name)
{
	size_t bytes;
	const char *value = device_tree_property(node, name, &bytes);
	return value && bytes && !value[bytes - 1] ? value : NULL;
}

bool device_tree_cell(const device_tree_node_t *node, const char *name, unsigned index, uint32_t *value)
{
	size_t bytes;
	const char *cells = device_tree_property(node, name, &bytes);
	if (!cells || bytes / 4 <= index)
		return false;
	*value = device_tree_be32(cells + 4 * (size_t)index);
	return true;
}

unsigned device_tree_cells_at(const void *blob, int offset, const char *name, unsigned otherwise)
{
	size_t bytes;
	const void *value = device_tree_property_at(blob, offset, name, &bytes);
	return value && bytes == 4 ? device_tree_be32(value) : otherwise;
}

uint64_t device_tree_number(const char *cells, unsigned count)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < count; i++)
		value = value << 32 | device_tree_be32(cells + 4 * (size_t)i);
	return value;
}

/* One entry of `reg`: the widths are the parent's matter. */
static bool reg_entry(const device_tree_node_t *node, unsigned index, uint64_t *start, uint64_t *bytes)
{
	if (!node->depth)
		return false;
	int parent = node->ancestors[node->depth - 1];
	unsigned address_cells = device_tree_cells_at(node->blob, parent, "#address-cells", ADDRESS_CELLS);
	unsigned size_cells = device_tree_cells_at(node->blob, parent, "#size-cells", SIZE_CELLS);
	size_t length, entry = 4 * ((size_t)address_cells + size_cells);
	const char *reg = device_tree_property(node, "reg", &length);
	if (!reg || !address_cells || address_cells > CELLS_MOST || size_cells > CELLS_MOST || length / entry <= index)
		return false;
	*start = device_tree_number(reg + index * entry, address_cells);
	*bytes = device_tree_number(reg + index * entry + 4 * (size_t)address_cells, size_cells);
	return true;
}

/* From the addresses of the bus at @p depth to those of the one above: section 2.3.8. */
static bool through_ranges(const device_tree_node_t *node, unsigned depth, uint64_t *start, uint64_t bytes)
{
	int bus = node->ancestors[depth], above = node->ancestors[depth - 1];
	unsigned own_cells = device_tree_cells_at(node->blob, bus, "#address-cells", ADDRESS_CELLS);
	unsigned above_cells = device_tree_cells_at(node->blob, above, "#address-cells", ADDRESS_CELLS);
	unsigned size_cells = device_tree_cells_at(node->blob, bus, "#size-cells", SIZE_CELLS);
	size_t length, entry = 4 * ((size_t)own_cells + above_cells + size_cells);
	const char *ranges = device_tree_property_at(node->blob, bus, "ranges", &length);
	if (!ranges || own_cells > CELLS_MOST || above_cells > CELLS_MOST || size_cells > CELLS_MOST)
		return false;
	for (size_t at = 0; at + entry <= length && entry; at += entry) {
		uint64_t own = device_tree_number(ranges + at, own_cells);
		uint64_t size = device_tree_number(ranges + at + 4 * ((size_t)own_cells + above_cells), size_cells);
		if (*start < own || *start - own >= size || bytes > size - (*start - own))
			continue;
		*start = *start - own + device_tree_number(ranges + at + 4 * (size_t)own_cells, above_cells);
		return true;
	}
	return length == 0; /* empty: the same addresses */
}

bool device_tree_through_buses(const device_tree_node_t *node, paddr_t *start, uint64_t bytes)
{
	for (unsigned depth = node->depth - 1; depth > 0; depth--) {
		if (!through_ranges(node, depth, start, bytes))
			return false;
	}
	return true;
}

bool device_tree_reg(const device_tree_node_t *node, unsigned index, paddr_t *start, uint64_t *bytes)
{
	if (!reg_entry(node, index, start, bytes))
		return false;
	return device_tree_through_buses(node, start, *bytes);
}

bool device_tree_unit(const device_tree_node_t *node, uint64_t *unit)
{
	uint64_t bytes;
	return reg_entry(node, 0, unit, &bytes);
}
