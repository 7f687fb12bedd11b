/* SPDX-License-Identifier: Apache-2.0 */
/* The root is the archive of packed files: everything can be read, nothing changed. */
#include "fstest.h"

void test_readonly(void)
{
	AX_SCOPED_FILE file = {};
	list("/");
	list("/etc");
	show("/etc/motd", 0);
	show("/etc/link", 6);
	show("/etc/none", 0);
	show_stat("/etc/motd");
	TRY(ax_file_open("/etc/motd", AX_OPEN_WRITE, &file));
	TRY(ax_file_open("/etc/new", AX_OPEN_WRITE | AX_OPEN_CREATE, &file));
	TRY(ax_path_unlink("/etc/motd"));
	TRY(ax_path_rename("/etc/motd", "/etc/other"));
	TRY(ax_path_make_directory("/etc/d"));
	TRY(ax_path_truncate("/etc/motd", 0));
	TRY(ax_path_set_mode_at(NULL, "/etc/motd", 0, 0600));
	TRY(ax_path_access_at(NULL, "/etc/motd", 0, 2));
}
