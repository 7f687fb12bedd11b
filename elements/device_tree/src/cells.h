/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a property at an offset of the blob. */
#pragma once

#include <device_tree/device_tree.h>
#include <stddef.h>
#include <stdint.h>

/* The property's value and length; NULL if there is none. */
const void *device_tree_property_at(const void *blob, int offset, const char *name, size_t *bytes);

/* A property of one cell, `otherwise` if there is none. */
unsigned device_tree_cells_at(const void *blob, int offset, const char *name, unsigned otherwise);

/* `count` cells as one number: the last 64 bits of it. */
uint64_t device_tree_number(const char *cells, unsigned count);

/** From the addresses of the bus that @p node lies on to the processor's. False: a bus above does not show the range. */
bool device_tree_through_buses(const device_tree_node_t *node, paddr_t *start, uint64_t bytes);
