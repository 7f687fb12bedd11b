/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <axstd/axstd.h>

/** Print what is tried and how it ended. */
#define TRY(call) ax_print("%s: %s\n", #call, ax_err_text(call))

void test_files(void);
void test_names(void);
void test_walks(void);
void test_rights(void);
void test_devices(void);
void test_readonly(void);

/** Print @p bytes of the file at @p path, from @p offset on. */
void show(const char *path, uint64_t offset);

/** Print type, permissions, links, size. */
void show_stat(const char *path);

/** Print the names in a directory, in their order. */
void list(const char *path);

/** Make the file, or cut it, and write @p text. */
void put(const char *path, const char *text);
