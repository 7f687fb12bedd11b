/* SPDX-License-Identifier: Apache-2.0 */
/* Who may: permissions as another user than 0. */
#include "fstest.h"

void test_rights(void)
{
	AX_SCOPED_FILE file = {};
	put("/tmp/mine", "root's");
	TRY(ax_path_set_mode_at(NULL, "/tmp/mine", 0, 0640));
	TRY(ax_path_make_directory("/tmp/shut"));
	put("/tmp/shut/in", "x");
	TRY(ax_path_set_mode_at(NULL, "/tmp/shut", 0, 0700));
	show("/tmp/shut/in", 0);
	axfs_set_user((axfs_user_t){ .uid = 1000, .gid = 1000, .mask = 027 });
	show("/tmp/mine", 0);
	show("/tmp/shut/in", 0);
	TRY(ax_path_unlink("/tmp/mine"));
	TRY(ax_path_set_mode_at(NULL, "/tmp/mine", 0, 0666));
	TRY(ax_path_set_times_at(NULL, "/tmp/mine", 0, 1, 1));
	TRY(ax_file_open("/new", AX_OPEN_WRITE | AX_OPEN_CREATE, &file));
	put("/tmp/yours", "user's");
	show_stat("/tmp/yours");
	TRY(ax_path_access_at(NULL, "/tmp/yours", 0, 6));
	TRY(ax_path_access_at(NULL, "/tmp/yours", 0, 1));
	TRY(ax_path_set_owner_at(NULL, "/tmp/yours", 0, 0, AX_OWNER_KEEP));
	TRY(ax_path_rename("/tmp/mine", "/tmp/taken"));
	TRY(ax_path_unlink("/tmp/yours"));
	axfs_set_user((axfs_user_t){ .mask = 022 });
	show("/tmp/mine", 0);
	TRY(ax_path_set_owner_at(NULL, "/tmp/mine", 0, 1000, 1000));
}
