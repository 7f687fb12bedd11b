/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory of text files that are made when they are read. What is in them its user says, by functions that print:
 *
 *	static void print_uptime(procfs_text_t *text, void *context)
 *	{
 *		procfs_print(text, "%lu\n", seconds());
 *	}
 *	error = procfs_add(fs, "uptime", print_uptime, NULL);
 *
 * A read calls the function for the whole text and keeps the part that was asked for; nothing is stored. Who reads in
 * several pieces gets pieces of texts of several moments. Functions may not sleep, and are called one at a time for
 * each file. Read-only: nothing else can be made in it.
 */
#pragma once

#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/** Where a function prints to: the window of the text that is being read. */
typedef struct procfs_text {
	uint64_t position;     /* bytes that were printed */
	uint64_t start;        /* of the window */
	char *window;
	size_t bytes, filled;
} procfs_text_t;

/** printf-class, as format/format.h. */
__attribute__((format(printf, 2, 3))) void procfs_print(procfs_text_t *text, const char *format, ...);

/** Print @p bytes as they are. */
void procfs_put(procfs_text_t *text, const char *bytes, size_t count);

typedef void procfs_print_t(procfs_text_t *text, void *context);

/** An empty one. @retval AX_ERR_NO_MEMORY */
ax_err_t procfs_mount(const vfs_host_t *host, vfs_t **fs);

/** Add a file, before others use the file system; @p name is static. @retval AX_ERR_NO_MEMORY */
ax_err_t procfs_add(vfs_t *fs, const char *name, procfs_print_t *print, void *context);

VFS_OPERATIONS(procfs);

#define PROCFS_OPS                                                                                          \
	{                                                                                                   \
		.unmount = procfs_unmount, .lookup = procfs_lookup, .read_directory = procfs_read_directory, \
		.read = procfs_read,                                                                        \
	}

extern const vfs_ops_t procfs_ops;

#pragma GCC visibility pop
