/* SPDX-License-Identifier: Apache-2.0 */
/* Devices, and a mount: names across file systems. */
#include "fstest.h"

static bool print_mount([[maybe_unused]] void *context, const axfs_mount_info_t *mount)
{
	ax_print("%s on %s\n", mount->fs->kind, mount->path);
	return true;
}

/* Whether a line of /proc/components begins like this. */
static void find_component(const char *text)
{
	static char list[4096];
	size_t done = 0;
	bool found = false;
	AX_SCOPED_FILE file = {};
	if (ax_file_open("/proc/components", AX_OPEN_READ, &file) != AX_OK ||
	    ax_file_read(&file, list, sizeof list - 1, &done) != AX_OK)
		return;
	for (const char *line = list; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		found |= strncmp(line, text, strlen(text)) == 0;
	ax_print("component %s%s\n", text, found ? "is there" : "is missing");
}

void test_devices(void)
{
	char text[4] = "abc";
	size_t done;
	AX_SCOPED_FILE file = {};
	list("/dev");
	TRY(ax_file_open("/dev/zero", AX_OPEN_READ_WRITE, &file));
	TRY(ax_file_read(&file, text, 2, &done));
	ax_print("%zu zeroes: %d %d %c\n", done, text[0], text[1], text[2]);
	ax_file_close(&file);
	TRY(ax_file_open("/dev/full", AX_OPEN_WRITE, &file));
	TRY(ax_file_write(&file, "x", 1, &done));
	ax_file_close(&file);
	TRY(ax_file_open("/dev/console", AX_OPEN_WRITE, &file));
	TRY(ax_file_write(&file, "straight to the console\n", 24, &done));
	TRY(ax_file_seek(&file, 0, AX_SEEK_FROM_START, NULL));
	ax_file_close(&file);
	TRY(ax_file_open("/dev/new", AX_OPEN_WRITE | AX_OPEN_CREATE, &file));
	TRY(ax_path_rename("/tmp/two", "/dev/two"));
	TRY(ax_path_link("/tmp/two", "/dev/two"));
	TRY(ax_path_remove_directory("/dev"));
	TRY(ax_path_rename("/dev", "/device"));
	show("/dev/../dev/../tmp/two", 0);
	axfs_each_mount(print_mount, NULL);
	list("/proc");
	show("/proc/mounts", 0);
	find_component("axfs ");
	TRY(ax_path_unlink("/proc/mounts"));
	TRY(ax_file_open("/dev/null", AX_OPEN_READ, &file));
	TRY(axfs_unmount("/dev"));
	ax_file_close(&file);
	TRY(axfs_unmount("/dev"));
	list("/dev");
	TRY(axfs_unmount("/"));
	TRY(axfs_unmount("/tmp"));
}
