/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files of the file system in squares.c by paths, as any other. */
#include <axstd/axstd.h>

static void show(const char *path)
{
	char text[32];
	size_t done = 0;
	AX_SCOPED_FILE file = {};
	ax_err_t error = ax_file_open(path, AX_OPEN_READ, &file);
	if (error == AX_OK)
		error = ax_file_read(&file, text, sizeof text - 1, &done);
	text[done] = 0;
	ax_print("%s: %s", path, error == AX_OK ? text : ax_err_text(error));
	ax_print("%s", error == AX_OK ? "" : "\n");
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	AX_SCOPED_DIR dir = {};
	AX_SCOPED_FILE file = {};
	ax_dir_entry_t entry;
	show("/7");
	show("/./../12");
	show("/7");
	show("/seven");
	show("/");
	ax_print("to write: %s\n", ax_err_text(ax_file_open("/7", AX_OPEN_WRITE, &file)));
	ax_print("to make: %s\n", ax_err_text(ax_file_open("/x", AX_OPEN_WRITE | AX_OPEN_CREATE, &file)));
	if (ax_dir_open("/", &dir) != AX_OK)
		return 1;
	while (ax_dir_read(&dir, &entry) == AX_OK)
		ax_print("%s ", entry.name);
	ax_print("\n");
	return 0;
}
