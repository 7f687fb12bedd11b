/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine consists of, from a flattened device tree (Devicetree Specification, release 0.4): one walk shows every
 * node that is in use, in the tree's order, and the functions below read the node that is shown. The blob is not trusted: what
 * is cut off or contradicts itself is as if it were not there. No state, any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Nodes nested deeper than this are passed over. */
enum { DEVICE_TREE_DEPTH = 12 };

/** A node, while the walk shows it. */
typedef struct device_tree_node {
	const void *blob;
	int offset;
	unsigned depth; /* of the root: 0 */
	int ancestors[DEVICE_TREE_DEPTH]; /* by depth, the node itself the last */
	const char *compatible;           /* the property's value, in the blob; NULL if it has none */
	unsigned compatible_bytes;
} device_tree_node_t;

/**
 * Whether @p blob is a device tree that can be read, and its size. Its memory reservations lie before the rest.
 * @param blob   8-byte aligned
 * @param bytes  up to the end of what is in it: loaders leave much room behind that
 * @retval AX_ERR_INVALID_INPUT  it is none
 */
ax_err_t device_tree_check(const void *blob, size_t *bytes);

/** Show every node to @p visit, the root first, but those whose status is not "okay" and what is below them. */
void device_tree_walk(const void *blob, void (*visit)(const device_tree_node_t *node, void *context), void *context);

/** The ranges of the blob's memory reservation block (section 5.3): false after the last. */
bool device_tree_reserved(const void *blob, unsigned index, paddr_t *start, uint64_t *bytes);

/** The node's name with its unit address: "memory@40000000". */
const char *device_tree_name(const device_tree_node_t *node);

/** Whether the node's name, up to its unit address, is @p name. */
bool device_tree_is(const device_tree_node_t *node, const char *name);

/** The name, with unit address, of the node above at @p depth. */
const char *device_tree_ancestor_name(const device_tree_node_t *node, unsigned depth);

/** Whether `compatible` has @p string. */
bool device_tree_is_compatible(const device_tree_node_t *node, const char *string);

/** A property's value and its length; NULL if the node has none. Big-endian, 4-byte aligned. */
const void *device_tree_property(const device_tree_node_t *node, const char *name, size_t *bytes);

/** A string property, or NULL. */
const char *device_tree_string(const device_tree_node_t *node, const char *name);

/** The property's 32-bit cell @p index; false if there is none. */
bool device_tree_cell(const device_tree_node_t *node, const char *name, unsigned index, uint32_t *value);

/**
 * The device's @p index-th range of `reg`, as the processor sees it: through the `ranges` of all buses above.
 * @return false if there is none, or a bus does not show it
 */
bool device_tree_reg(const device_tree_node_t *node, unsigned index, paddr_t *start, uint64_t *bytes);

/** `reg` as a number, for what is no memory: a processor's. False if there is none. */
bool device_tree_unit(const device_tree_node_t *node, uint64_t *unit);

/** Memory or ports that a PCI host bridge shows: PCI Bus Binding to IEEE 1275, revision 2.1, section 2.2.1.1. */
typedef struct device_tree_pci_range {
	unsigned space;       /* DEVICE_TREE_PCI_* */
	uint64_t bus_address; /* as the devices see it */
	paddr_t start;        /* as the processor does */
	uint64_t bytes;
} device_tree_pci_range_t;

enum { DEVICE_TREE_PCI_CONFIG, DEVICE_TREE_PCI_PORTS, DEVICE_TREE_PCI_MEMORY, DEVICE_TREE_PCI_MEMORY_64 };

/** Range @p index of the bridge @p node. It has no bytes if a bus above does not show it. @return false after the last */
bool device_tree_pci_range(const device_tree_node_t *node, unsigned index, device_tree_pci_range_t *range);

/**
 * Where @p pin (1: INTA) of function 0 of a bridge's @p device on bus 0 leads: its `interrupt-map`, section 2.4.3.
 * @param cells  the interrupt specifier at its controller, at most @p most cells
 * @return how many cells; 0: nowhere
 */
unsigned device_tree_pci_interrupt(const device_tree_node_t *node, unsigned device, unsigned pin, uint32_t *cells, unsigned most);

/** A cell as big-endian memory has it. */
static inline uint32_t device_tree_be32(const void *cell)
{
	const uint8_t *b = cell;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

#pragma GCC visibility pop
