/* SPDX-License-Identifier: Apache-2.0 */
/* Names: directories, links, renames, removals. */
#include "fstest.h"

static void directories(void)
{
	TRY(ax_path_make_directory("/tmp/d"));
	TRY(ax_path_make_directory("/tmp/d"));
	TRY(ax_path_make_directory("/tmp/d/e/"));
	TRY(ax_path_make_directory("/tmp/none/e"));
	show_stat("/tmp/d");
	put("/tmp/d/file", "in d");
	list("/tmp/d");
	TRY(ax_path_remove_directory("/tmp/d"));
	TRY(ax_path_remove_directory("/tmp/d/file"));
	TRY(ax_path_unlink("/tmp/d/e"));
	TRY(ax_path_remove_directory("/tmp/d/e/."));
	TRY(ax_path_remove_directory("/tmp/d/e"));
	TRY(ax_path_remove_directory("/"));
}

static void links(void)
{
	put("/tmp/one", "one file");
	TRY(ax_path_link("/tmp/one", "/tmp/two"));
	TRY(ax_path_link("/tmp/one", "/tmp/two"));
	TRY(ax_path_link("/tmp/d", "/tmp/d2"));
	put("/tmp/two", "changed");
	show("/tmp/one", 0);
	show_stat("/tmp/one");
	TRY(ax_path_unlink("/tmp/one"));
	show("/tmp/one", 0);
	show("/tmp/two", 0);
	show_stat("/tmp/two");
}

static void removed_while_open(void)
{
	AX_SCOPED_FILE file = {};
	char text[8] = "", path[64];
	size_t done;
	put("/tmp/open", "alive");
	TRY(ax_file_open("/tmp/open", AX_OPEN_READ, &file));
	TRY(ax_file_path(&file, path, sizeof path, &done));
	ax_print("its path: %s\n", path);
	TRY(ax_path_unlink("/tmp/open"));
	show("/tmp/open", 0);
	TRY(ax_file_read(&file, text, sizeof text, &done));
	ax_print("still \"%s\"\n", text);
	TRY(ax_file_path(&file, path, sizeof path, &done));
	put("/tmp/open", "another");
	show("/tmp/open", 0);
}

static void renames(void)
{
	AX_SCOPED_FILE file = {};
	char path[64];
	size_t done;
	put("/tmp/from", "from");
	put("/tmp/to", "to");
	TRY(ax_file_open("/tmp/from", AX_OPEN_READ, &file));
	TRY(ax_path_rename("/tmp/from", "/tmp/to"));
	show("/tmp/from", 0);
	show("/tmp/to", 0);
	TRY(ax_file_path(&file, path, sizeof path, &done));
	ax_print("its path: %s\n", path);
	TRY(ax_path_rename("/tmp/to", "/tmp/d"));
	TRY(ax_path_rename("/tmp/d", "/tmp/to"));
	TRY(ax_path_rename("/tmp/d", "/tmp/d/inside"));
	TRY(ax_path_rename_at(NULL, "/tmp/to", NULL, "/tmp/two", AX_PATH_NO_REPLACE));
	TRY(ax_path_rename("/tmp/none", "/tmp/two"));
	TRY(ax_path_rename("/tmp/d/file", "/tmp/d/a-rather-longer-name"));
	TRY(ax_path_rename("/tmp/d", "/tmp/moved"));
	show("/tmp/d/a-rather-longer-name", 0);
	show("/tmp/moved/a-rather-longer-name", 0);
	TRY(ax_path_rename("/tmp/moved", "/tmp/d/"));
	TRY(ax_path_rename("/tmp/d/..", "/tmp/x"));
}

static void walk_while_changing(void)
{
	AX_SCOPED_DIR dir = {};
	ax_dir_entry_t entry;
	unsigned seen = 0;
	char path[] = "/tmp/many/f0";
	TRY(ax_path_make_directory("/tmp/many"));
	for (path[11] = 'a'; path[11] <= 'z'; path[11]++)
		put(path, "");
	TRY(ax_dir_open("/tmp/many", &dir));
	while (ax_dir_read(&dir, &entry) == AX_OK) {
		if (entry.name[0] == '.')
			continue;
		path[11] = entry.name[1];
		seen += ax_path_unlink(path) == AX_OK;
	}
	ax_print("%u names seen and removed\n", seen);
	TRY(ax_path_remove_directory("/tmp/many"));
}

void test_names(void)
{
	directories();
	links();
	removed_while_open();
	renames();
	walk_while_changing();
}
