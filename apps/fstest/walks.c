/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: dots, symbolic links, loops, the current directory, packed files. */
#include "fstest.h"

static void symlinks(void)
{
	char text[32] = "";
	size_t bytes;
	AX_SCOPED_FILE file = {};
	TRY(ax_path_symlink("d", "/tmp/link"));
	TRY(ax_path_symlink("/tmp/link/a-rather-longer-name", "/tmp/link2"));
	show("/tmp/link2", 0);
	show("/tmp/link/../link/./a-rather-longer-name", 0);
	TRY(ax_path_read_link("/tmp/link", text, sizeof text, &bytes));
	ax_print("%zu bytes: %s\n", bytes, text);
	TRY(ax_path_read_link("/tmp/d", text, sizeof text, &bytes));
	TRY(ax_file_open("/tmp/link2", AX_OPEN_READ | AX_OPEN_NO_FOLLOW, &file));
	TRY(ax_path_symlink("loop", "/tmp/loop"));
	show("/tmp/loop", 0);
	show_stat("/tmp/loop");
	TRY(ax_path_symlink("nowhere", "/tmp/dangling"));
	show("/tmp/dangling", 0);
	put("/tmp/dangling", "made through a link");
	show("/tmp/nowhere", 0);
	TRY(ax_path_symlink("", "/tmp/empty"));
	TRY(ax_path_unlink("/tmp/link"));
	show("/tmp/link2", 0);
}

static void strange_paths(void)
{
	static char long_name[300], long_path[5000];
	memset(long_name, 'n', sizeof long_name - 1);
	memset(long_path, '/', sizeof long_path - 1);
	ax_stat_t stat;
	TRY(ax_path_stat("", &stat));
	TRY(ax_path_stat("/", &stat));
	TRY(ax_path_stat("///tmp//./d///", &stat));
	TRY(ax_path_stat("/tmp/two/", &stat));
	TRY(ax_path_stat("/tmp/two/x", &stat));
	TRY(ax_path_stat("/../../tmp", &stat));
	TRY(ax_path_stat(long_name, &stat));
	TRY(ax_path_stat(long_path, &stat));
}

static void current_directory(void)
{
	char path[64];
	size_t bytes;
	AX_SCOPED_FILE directory = {};
	TRY(ax_path_change("/tmp/d"));
	TRY(ax_path_current(path, sizeof path, &bytes));
	ax_print("now in %s\n", path);
	show("a-rather-longer-name", 0);
	show("../two", 0);
	TRY(ax_path_current(path, 5, &bytes));
	TRY(ax_file_open("/tmp", AX_OPEN_DIRECTORY, &directory));
	TRY(ax_path_rename_at(NULL, "a-rather-longer-name", &directory, "relative", 0));
	show("/tmp/relative", 0);
	TRY(ax_path_remove_directory("/tmp/d"));
	TRY(ax_path_current(path, sizeof path, &bytes));
	put("lost", "text");
	TRY(ax_path_change("/tmp/two"));
	TRY(ax_path_change_to(&directory));
	TRY(ax_path_current(path, sizeof path, &bytes));
	ax_print("now in %s\n", path);
	TRY(ax_path_change("/"));
}

static void packed_files(void)
{
	AX_SCOPED_FILE file = {};
	size_t done;
	show("/etc/motd", 0);
	list("/etc");
	show("/etc/link", 0);
	TRY(ax_file_open("/etc/motd", AX_OPEN_WRITE, &file));
	TRY(ax_file_write(&file, "J", 1, &done));
	show("/etc/motd", 0);
}

void test_walks(void)
{
	symlinks();
	strange_paths();
	current_directory();
	packed_files();
}
