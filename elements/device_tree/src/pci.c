/* SPDX-License-Identifier: Apache-2.0 */
/* A PCI host bridge: what it shows, and where its devices' interrupt pins lead. See device_tree.h. */
#include <device_tree/device_tree.h>
#include <libfdt.h>
#include "cells.h"

#define PCI_CELLS    3u /* of an address: what it is, and 64 bits */
#define PIN_CELLS    1u
#define DEVICE_SHIFT 11 /* in the first cell; the bus is above, the function below */
#define SPACE_SHIFT  24
#define SPACE_MASK   3u

bool device_tree_pci_range(const device_tree_node_t *node, unsigned index, device_tree_pci_range_t *range)
{
	if (!node->depth)
		return false;
	unsigned above_cells = device_tree_cells_at(node->blob, node->ancestors[node->depth - 1], "#address-cells", 2);
	unsigned size_cells = device_tree_cells_at(node->blob, node->offset, "#size-cells", 2);
	size_t length, entry = 4 * (PCI_CELLS + (size_t)above_cells + size_cells);
	const char *ranges = device_tree_property(node, "ranges", &length);
	if (!ranges || above_cells > 2 || size_cells > 2 || length / entry <= index)
		return false;
	ranges += index * entry;
	range->space = device_tree_be32(ranges) >> SPACE_SHIFT & SPACE_MASK;
	range->bus_address = device_tree_number(ranges + 4, 2);
	range->start = device_tree_number(ranges + 4 * PCI_CELLS, above_cells);
	range->bytes = device_tree_number(ranges + 4 * (PCI_CELLS + (size_t)above_cells), size_cells);
	if (!device_tree_through_buses(node, &range->start, range->bytes))
		range->bytes = 0;
	return true;
}

/* Of the map's entry: the cells that its controller's address takes, and its interrupts. False: it has no such node. */
static bool controller_cells(const void *blob, uint32_t phandle, unsigned *address_cells, unsigned *interrupt_cells)
{
	int offset = fdt_node_offset_by_phandle(blob, phandle);
	if (offset < 0)
		return false;
	*address_cells = device_tree_cells_at(blob, offset, "#address-cells", 0);
	*interrupt_cells = device_tree_cells_at(blob, offset, "#interrupt-cells", 0);
	return *address_cells <= 2 && *interrupt_cells >= 1 && *interrupt_cells <= 4;
}

unsigned device_tree_pci_interrupt(const device_tree_node_t *node, unsigned device, unsigned pin, uint32_t *cells, unsigned most)
{
	size_t length;
	uint32_t unit_mask = UINT32_MAX, pin_mask = UINT32_MAX;
	const char *map = device_tree_property(node, "interrupt-map", &length), *end = map + length;
	(void)device_tree_cell(node, "interrupt-map-mask", 0, &unit_mask);
	(void)device_tree_cell(node, "interrupt-map-mask", PCI_CELLS, &pin_mask);
	const size_t head = 4 * (PCI_CELLS + PIN_CELLS + 1);
	while (map && (size_t)(end - map) >= head) {
		unsigned address_cells, interrupt_cells;
		if (!controller_cells(node->blob, device_tree_be32(map + head - 4), &address_cells, &interrupt_cells))
			return 0;
		size_t tail = 4 * ((size_t)address_cells + interrupt_cells);
		if ((size_t)(end - map) - head < tail)
			return 0;
		bool is_ours = ((device_tree_be32(map) ^ device << DEVICE_SHIFT) & unit_mask) == 0 &&
			       ((device_tree_be32(map + 4 * PCI_CELLS) ^ pin) & pin_mask) == 0;
		for (unsigned i = 0; is_ours && i < interrupt_cells && i < most; i++)
			cells[i] = device_tree_be32(map + head + 4 * ((size_t)address_cells + i));
		if (is_ours)
			return interrupt_cells < most ? interrupt_cells : most;
		map += head + tail;
	}
	return 0;
}
