/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of function names, sorted by address and small rather than fast: it is read when something went wrong.
 * Little-endian, unaligned:
 *
 *	u32 magic, u32 bytes (of all of it); then for each function, by ascending address:
 *	LEB128 address - previous address (the first: - base)
 *	u8 how many leading characters the name shares with the previous one; the rest of it; a zero byte
 *
 * Any context. Damaged tables give wrong names at worst: nothing outside them is read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define SYMBOL_TABLE_MAGIC      0x6d79736bu /* "ksym" */
#define SYMBOL_TABLE_NAME_BYTES 128         /* the longest name, its end included: others are cut */

/** Bytes of @p table, of which 8 can be read; 0 if it does not begin as a table does. */
size_t symbol_table_bytes(const void *table);

/**
 * The name of the function that begins at or below @p address.
 * @param base    what the first address counts from
 * @param name    SYMBOL_TABLE_NAME_BYTES, for the name
 * @param offset  out: from the function's first byte
 * @return @p name, or NULL if there is no table or @p address is below the first
 */
const char *symbol_table_find(const void *table, uintptr_t base, uintptr_t address, char *name, size_t *offset);

#pragma GCC visibility pop
