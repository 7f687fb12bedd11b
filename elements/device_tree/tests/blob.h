/* SPDX-License-Identifier: Apache-2.0 */
/* Device trees made for tests: Devicetree Specification, chapter 5. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** A new, empty blob; begin and end nodes, the root ("") first; properties of cells (ended by the count) and strings. */
void blob_begin(void);
void blob_reserve(uint64_t start, uint64_t bytes);
void blob_node(const char *name);
void blob_end_node(void);
void blob_cells(const char *name, size_t count, const uint32_t *cells);
void blob_string(const char *name, const char *text, size_t bytes);

#define CELLS(name, ...) \
	blob_cells(name, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (uint32_t[]){ __VA_ARGS__ })
#define STRING(name, text) blob_string(name, text, sizeof(text))

/** The finished blob, 8-byte aligned; the next blob_begin() takes it back. */
void *blob_finish(size_t *bytes);
