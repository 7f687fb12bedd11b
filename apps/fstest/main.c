/* SPDX-License-Identifier: Apache-2.0 */
#include <axstd/axstd.h>

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	AX_SCOPED_FILE file = {};
	size_t done;
	char text[16];
	ax_print("%s\n", ax_err_text(ax_path_make_directory("/tmp")));
	ax_print("%s\n", ax_err_text(ax_file_open("/tmp/a", AX_OPEN_READ_WRITE | AX_OPEN_CREATE, &file)));
	ax_print("%s\n", ax_err_text(ax_file_write(&file, "hello", 5, &done)));
	ax_print("%zu %s\n", done, ax_err_text(ax_file_read_at(&file, text, 16, 0, &done)));
	ax_print("%zu %.5s\n", done, text);
	return 0;
}
