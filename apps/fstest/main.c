/* SPDX-License-Identifier: Apache-2.0 */
/* Files through the native API: each part tries calls and prints how they end. */
#include "fstest.h"

#include <fstest/features.h>

void show(const char *path, uint64_t offset)
{
	char text[64];
	size_t done = 0;
	AX_SCOPED_FILE file = {};
	ax_err_t error = ax_file_open(path, AX_OPEN_READ, &file);
	if (error == AX_OK)
		error = ax_file_read_at(&file, text, sizeof text - 1, offset, &done);
	text[done] = 0;
	if (error == AX_OK)
		ax_print("%s holds \"%s\"\n", path, text);
	else
		ax_print("%s: %s\n", path, ax_err_text(error));
}

void show_stat(const char *path)
{
	ax_stat_t stat;
	ax_err_t error = ax_path_stat_at(NULL, path, AX_PATH_NO_FOLLOW, &stat);
	if (error == AX_OK)
		ax_print("%s: mode %o, links %u, size %llu\n", path, stat.mode, stat.links, (unsigned long long)stat.size);
	else
		ax_print("%s: %s\n", path, ax_err_text(error));
}

void list(const char *path)
{
	AX_SCOPED_DIR dir = {};
	ax_dir_entry_t entry;
	ax_err_t error = ax_dir_open(path, &dir);
	ax_print("%s:", path);
	while (error == AX_OK && (error = ax_dir_read(&dir, &entry)) == AX_OK)
		ax_print(" %s", entry.name);
	ax_print("%s\n", error == AX_ERR_NOT_FOUND ? "" : ax_err_text(error));
}

void put(const char *path, const char *text)
{
	AX_SCOPED_FILE file = {};
	size_t done = 0;
	ax_err_t error = ax_file_open(path, AX_OPEN_WRITE | AX_OPEN_CREATE | AX_OPEN_TRUNCATE, &file);
	if (error == AX_OK)
		error = ax_file_write(&file, text, strlen(text), &done);
	if (error != AX_OK || done != strlen(text))
		ax_print("%s: %s\n", path, ax_err_text(error));
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
#if FSTEST_FEATURE_READONLY
	test_readonly();
	return 0;
#endif
	test_files();
	test_names();
	test_walks();
	test_rights();
#if FSTEST_FEATURE_DEVICES
	test_devices();
#endif
	return 0;
}
