/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reader of cpio archives in the "newc" format (magic 070701): a 110-byte header of hexadecimal fields, the name, the
 * data, name and data each padded to 4 bytes; the entry "TRAILER!!!" ends the archive. Zeroes before it are skipped.
 * Source: the Linux kernel's Documentation/driver-api/early-userspace/buffer-format.rst.
 *
 * The archive is not trusted: every length is checked against what is left. Entries point into the archive, which must
 * outlive them. No state beside the reader's own; any context, no lock. Lookup is a walk: O(entries).
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct cpio_entry {
	const char *name; /* NUL-terminated, as packed: "dir/file", or with "./" or "/" before it */
	size_t name_bytes; /* without the NUL */
	const void *data;
	size_t size_bytes;
	uint32_t inode;
	uint32_t mode; /* type and permissions, as st_mode */
	uint32_t mtime; /* seconds since 1970 */
	uint32_t links;
} cpio_entry_t;

typedef struct cpio_reader {
	const char *archive;
	size_t size_bytes;
	size_t offset;
} cpio_reader_t;

/** A reader at the first entry of @p archive. An archive of 0 bytes is an empty one. */
static inline cpio_reader_t cpio_open(const void *archive, size_t size_bytes)
{
	return (cpio_reader_t){ .archive = (const char *)archive, .size_bytes = size_bytes };
}

/**
 * The next entry.
 * @retval AX_ERR_NOT_FOUND      the end: the trailer, or nothing but padding is left
 * @retval AX_ERR_INVALID_INPUT  malformed: cut short, bad magic or digit, a name without its NUL; the reader stays there
 */
ax_err_t cpio_next(cpio_reader_t *self, cpio_entry_t *entry);

/**
 * The entry of this name, "./" and "/" before the packed name disregarded; of several the last, as when unpacking.
 * @param name  without a leading slash; @param name_bytes  its length
 * @retval AX_ERR_NOT_FOUND      no such entry
 * @retval AX_ERR_INVALID_INPUT  the archive is malformed
 */
ax_err_t cpio_find(const void *archive, size_t size_bytes, const char *name, size_t name_bytes, cpio_entry_t *entry);

/** The packed name without "./" and "/" before it; @p name_bytes, in and out, becomes its length. */
const char *cpio_plain_name(const char *name, size_t *name_bytes);

#pragma GCC visibility pop
