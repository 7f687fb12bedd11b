/* SPDX-License-Identifier: Apache-2.0 */
/* ls: sorted by name; files that are named first, then directories. */
#include "shell.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ALL, LONG, FLAGS };

static char type_letter(mode_t mode)
{
	return S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISCHR(mode) ? 'c' : S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : '-';
}

static void print_long(const char *path, const char *name, const struct stat *stat_)
{
	char mode[] = "?rwxrwxrwx", date[32], target[LINE_BYTES];
	struct tm time;
	mode[0] = type_letter(stat_->st_mode);
	for (int i = 0; i < 9; i++)
		if (!(stat_->st_mode >> (8 - i) & 1))
			mode[1 + i] = '-';
	strftime(date, sizeof date, "%Y-%m-%d %H:%M", gmtime_r(&stat_->st_mtime, &time));
	printf("%s %3lu %9lld %s %s", mode, (unsigned long)stat_->st_nlink, (long long)stat_->st_size, date, name);
	const ssize_t count = S_ISLNK(stat_->st_mode) ? readlink(path, target, sizeof target) : -1;
	if (count >= 0)
		printf(" -> %.*s", (int)count, target);
	putchar('\n');
}

static int show(const char *path, const char *name, const bool *flags)
{
	struct stat stat_;
	if (lstat(path, &stat_) != 0)
		return shell_complain("ls", path);
	if (flags[LONG])
		print_long(path, name, &stat_);
	else
		printf("%s%s\n", name, S_ISDIR(stat_.st_mode) ? "/" : "");
	return 0;
}

static int all(const struct dirent *entry)
{
	(void)entry;
	return 1;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int list(const char *directory, const bool *flags)
{
	struct dirent **entries;
	char path[LINE_BYTES];
	int status = 0;
	const int count = scandir(directory, &entries, flags[ALL] ? all : visible, by_name);
	if (count < 0)
		return shell_complain("ls", directory);
	for (int i = 0; i < count; i++) {
		status |= shell_join(path, sizeof path, directory, entries[i]->d_name) ? show(path, entries[i]->d_name, flags) : 1;
		free(entries[i]);
	}
	free(entries);
	return status;
}

static bool is_directory(const char *path)
{
	struct stat stat_;
	return stat(path, &stat_) == 0 && S_ISDIR(stat_.st_mode);
}

int command_ls(int argc, char **argv)
{
	bool flags[FLAGS] = { false };
	int status = 0, shown = 0;
	const int first = shell_options(argc, argv, "al", flags);
	if (first < 0)
		return shell_usage("ls");
	if (first == argc)
		return list(".", flags);
	for (int i = first; i < argc; i++) {
		if (is_directory(argv[i]))
			continue;
		status |= show(argv[i], argv[i], flags);
		shown++;
	}
	for (int i = first; i < argc; i++) {
		if (!is_directory(argv[i]))
			continue;
		if (argc - first > 1)
			printf("%s%s:\n", shown++ ? "\n" : "", argv[i]);
		status |= list(argv[i], flags);
	}
	return status;
}
