/* SPDX-License-Identifier: Apache-2.0 */
/* The shell itself, its surroundings, and the system. */
#include "shell.h"

#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

int command_cd(int argc, char **argv)
{
	const char *home = getenv("HOME"), *to = argc > 1 ? argv[1] : home ? home : "/";
	if (argc > 2)
		return shell_usage("cd");
	return chdir(to) == 0 ? 0 : shell_complain("cd", to);
}

int command_pwd(int argc, char **argv)
{
	char path[LINE_BYTES];
	(void)argc, (void)argv;
	if (!getcwd(path, sizeof path))
		return shell_complain("pwd", ".");
	puts(path);
	return 0;
}

int command_exit(int argc, char **argv)
{
	shell_done = true;
	return argc > 1 ? atoi(argv[1]) & 255 : shell_status;
}

int command_help(int argc, char **argv)
{
	enum { COLUMN = 28 };
	(void)argc, (void)argv;
	for (const command_t *command = shell_commands; command->name; command++) {
		const int width = printf("%s %s", command->name, command->usage);
		printf("%*s %s\n", width < COLUMN ? COLUMN - width : 0, "", command->brief);
	}
	puts("COMMAND > FILE, >> FILE, < FILE; COMMAND | COMMAND; COMMAND; COMMAND; NAME=VALUE; $NAME, $?");
	return 0;
}

int command_env(int argc, char **argv)
{
	(void)argc, (void)argv;
	for (char **variable = environ; variable && *variable; variable++)
		puts(*variable);
	return 0;
}

int command_export(int argc, char **argv)
{
	if (argc < 2)
		return shell_usage("export");
	for (int i = 1; i < argc; i++) {
		char *equals = strchr(argv[i], '=');
		if (!equals || equals == argv[i])
			return shell_usage("export");
		*equals = 0;
		if (setenv(argv[i], equals + 1, 1) != 0)
			return shell_complain("export", argv[i]);
	}
	return 0;
}

int command_unset(int argc, char **argv)
{
	if (argc < 2)
		return shell_usage("unset");
	for (int i = 1; i < argc; i++)
		if (unsetenv(argv[i]) != 0)
			return shell_complain("unset", argv[i]);
	return 0;
}

int command_true(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

int command_false(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}

int command_sync(int argc, char **argv)
{
	(void)argc, (void)argv;
	sync();
	return 0;
}

int command_uname(int argc, char **argv)
{
	struct utsname name;
	bool all = false;
	if (shell_options(argc, argv, "a", &all) != argc)
		return shell_usage("uname");
	uname(&name);
	if (all)
		printf("%s %s %s %s %s\n", name.sysname, name.nodename, name.release, name.version, name.machine);
	else
		puts(name.sysname);
	return 0;
}

static int show_space(const char *path)
{
	struct statvfs stat;
	if (statvfs(path, &stat) != 0)
		return shell_complain("df", path);
	const unsigned long long unit = stat.f_frsize;
	printf("%10llu %10llu %10llu  %s\n", stat.f_blocks * unit / 1024, (stat.f_blocks - stat.f_bfree) * unit / 1024,
	       stat.f_bavail * unit / 1024, path);
	return 0;
}

/* Those that have any: what a file system makes up takes none. */
static int show_all_spaces(void)
{
	struct statvfs stat;
	int status = 0;
	FILE *file = setmntent("/proc/mounts", "r");
	if (!file)
		return shell_complain("df", "/proc/mounts");
	for (struct mntent *mount; (mount = getmntent(file));)
		if (statvfs(mount->mnt_dir, &stat) != 0 || stat.f_blocks)
			status |= show_space(mount->mnt_dir);
	endmntent(file);
	return status;
}

int command_df(int argc, char **argv)
{
	int status = 0;
	puts("       KiB       used  available  path");
	for (int i = 1; i < argc; i++)
		status |= show_space(argv[i]);
	return argc > 1 ? status : show_all_spaces();
}

int command_free(int argc, char **argv)
{
	struct sysinfo info;
	(void)argc, (void)argv;
	if (sysinfo(&info) != 0)
		return shell_complain("free", "memory");
	const unsigned long long unit = info.mem_unit, total = info.totalram * unit / 1024, free = info.freeram * unit / 1024;
	puts("       KiB       used       free");
	printf("%10llu %10llu %10llu\n", total, total - free, free);
	return 0;
}

/* What the system tells in a file. */
static int show(const char *name, const char *path)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "r");
	if (!file)
		return shell_complain(name, path);
	while (fgets(line, sizeof line, file))
		fputs(line, stdout);
	fclose(file);
	return 0;
}

int command_mount(int argc, char **argv)
{
	(void)argc, (void)argv;
	return show("mount", "/proc/mounts");
}

int command_ps(int argc, char **argv)
{
	(void)argc, (void)argv;
	return show("ps", "/proc/tasks");
}
