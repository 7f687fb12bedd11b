/* SPDX-License-Identifier: Apache-2.0 */
/* What a folder of the host must do, mounted at /host/files. It holds `text` and `sub/x` at first. */
#include <axstd/axstd.h>

enum { LARGE = 600 << 10, FILES = 60 };

static bool s_failed;

static void check(const char *name, bool holds)
{
	ax_print("%s: %s\n", name, holds ? "holds" : "FAILS");
	s_failed |= !holds;
}

static bool print_text(void)
{
	char text[100];
	size_t bytes = 0;
	AX_SCOPED_FILE file = {};
	if (ax_file_open("/host/files/text", AX_OPEN_READ, &file) != AX_OK ||
	    ax_file_read(&file, text, sizeof text, &bytes) != AX_OK)
		return false;
	ax_print("text: %.*s", (int)bytes, text);
	return true;
}

/* Larger than a message of the protocol. */
static bool write_and_read(void)
{
	uint8_t *out = ax_alloc(LARGE), *in = ax_alloc(LARGE);
	AX_SCOPED_FILE file = {};
	size_t written = 0, read = 0;
	bool good = out && in &&
		    ax_file_open("/host/files/sub/large", AX_OPEN_READ_WRITE | AX_OPEN_CREATE | AX_OPEN_EXCLUSIVE, &file) == AX_OK;
	for (size_t i = 0; good && i < LARGE; i++)
		out[i] = (uint8_t)(i * 7 + (i >> 8));
	good = good && ax_file_write(&file, out, LARGE, &written) == AX_OK && written == LARGE;
	good = good && ax_file_sync(&file, false) == AX_OK;
	good = good && ax_file_read_at(&file, in, LARGE, 0, &read) == AX_OK && read == LARGE && !memcmp(in, out, LARGE);
	good = good && ax_file_read_at(&file, in, LARGE, 1001, &read) == AX_OK && read == LARGE - 1001 && !memcmp(in, out + 1001, read);
	ax_free(out);
	ax_free(in);
	return good;
}

static bool cut(void)
{
	ax_stat_t stat;
	bool good = ax_path_stat("/host/files/sub/large", &stat) == AX_OK && stat.size == LARGE;
	good = good && ax_path_truncate("/host/files/sub/large", 1000) == AX_OK;
	return good && ax_path_stat("/host/files/sub/large", &stat) == AX_OK && stat.size == 1000;
}

static bool rename_it(void)
{
	ax_stat_t stat;
	return ax_path_rename("/host/files/sub/large", "/host/files/small") == AX_OK &&
	       ax_path_stat("/host/files/sub/large", &stat) == AX_ERR_NOT_FOUND &&
	       ax_path_stat("/host/files/small", &stat) == AX_OK && stat.size == 1000;
}

static void list(void)
{
	char path[] = "/host/files/many/f00";
	ax_dir_entry_t entry;
	unsigned count = 0;
	(void)ax_path_make_directory("/host/files/many");
	for (unsigned i = 0; i < FILES; i++) {
		AX_SCOPED_FILE file = {};
		path[sizeof path - 3] = (char)('0' + i / 10);
		path[sizeof path - 2] = (char)('0' + i % 10);
		(void)ax_file_open(path, AX_OPEN_WRITE | AX_OPEN_CREATE, &file);
	}
	AX_SCOPED_DIR dir = {};
	if (ax_dir_open("/host/files/many", &dir) != AX_OK)
		return;
	while (ax_dir_read(&dir, &entry) == AX_OK)
		count += entry.name[0] == 'f';
	ax_print("a_directory_is_listed: %u entries\n", count);
}

static bool outlive(void)
{
	char byte = 0;
	size_t bytes;
	AX_SCOPED_FILE file = {};
	return ax_file_open("/host/files/sub/x", AX_OPEN_READ, &file) == AX_OK && ax_path_unlink("/host/files/sub/x") == AX_OK &&
	       ax_file_read(&file, &byte, 1, &bytes) == AX_OK && bytes == 1 && byte == 'x';
}

static bool remove_names(void)
{
	ax_stat_t stat;
	bool good = ax_path_remove_directory("/host/files/many") == AX_ERR_NOT_EMPTY;
	good = good && ax_path_unlink("/host/files/small") == AX_OK && ax_path_stat("/host/files/small", &stat) == AX_ERR_NOT_FOUND;
	return good && ax_path_remove_directory("/host/files/sub") == AX_OK;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	ax_stat_t stat;
	vfs_statfs_t fs;
	if (!print_text())
		return 1;
	check("what_is_written_is_read", write_and_read());
	check("a_file_grows_and_is_cut", cut());
	check("a_name_is_changed", rename_it());
	list();
	check("an_open_file_outlives_its_name", outlive());
	check("names_are_removed", remove_names());
	check("what_is_not_there_is_not_found", ax_path_stat("/host/files/nothing", &stat) == AX_ERR_NOT_FOUND);
	check("the_size_of_the_file_system_is_known", ax_path_statfs_at(NULL, "/host/files", &fs) == AX_OK && fs.blocks);
	return s_failed;
}
