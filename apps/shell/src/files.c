/* SPDX-License-Identifier: Apache-2.0 */
/* What makes, copies, moves and removes files. */
#include "shell.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
	struct stat stat_;
	return stat(path, &stat_) == 0 && S_ISDIR(stat_.st_mode);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

/* Call @p each for what is in @p directory, with its path and one of the same name in @p other (may be NULL). */
static int walk(const char *name, const char *directory, const char *other, int (*each)(const char *, const char *))
{
	char path[LINE_BYTES], beside[LINE_BYTES] = "";
	int status = 0;
	DIR *dir = opendir(directory);
	if (!dir)
		return shell_complain(name, directory);
	for (struct dirent *entry; !shell_interrupted && (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (shell_join(path, sizeof path, directory, entry->d_name) &&
		    (!other || shell_join(beside, sizeof beside, other, entry->d_name)))
			status |= each(path, beside);
		else
			status = 1;
	}
	closedir(dir);
	return shell_interrupted ? 1 : status;
}

static int copy_bytes(int from, int to, const char *from_path, const char *to_path)
{
	static char buffer[65536];
	ssize_t count = 0;
	while (!shell_interrupted && (count = read(from, buffer, sizeof buffer)) > 0)
		for (ssize_t done = 0, part; done < count; done += part)
			if ((part = write(to, buffer + done, (size_t)(count - done))) <= 0)
				return shell_complain("cp", to_path);
	return shell_interrupted ? 1 : count < 0 ? shell_complain("cp", from_path) : 0;
}

static int copy_into(int from, const struct stat *from_stat, const char *from_path, const char *to_path)
{
	struct stat to_stat;
	if (stat(to_path, &to_stat) == 0 && to_stat.st_ino == from_stat->st_ino && to_stat.st_dev == from_stat->st_dev) {
		fprintf(stderr, "cp: %s and %s are the same file\n", from_path, to_path);
		return 1;
	}
	const int to = open(to_path, O_WRONLY | O_CREAT | O_TRUNC, from_stat->st_mode & 0777);
	if (to < 0)
		return shell_complain("cp", to_path);
	const int status = copy_bytes(from, to, from_path, to_path);
	return close(to) == 0 ? status : shell_complain("cp", to_path);
}

static int copy_file(const char *from_path, const char *to_path)
{
	struct stat from_stat;
	const int from = open(from_path, O_RDONLY);
	if (from < 0)
		return shell_complain("cp", from_path);
	const int status = fstat(from, &from_stat) == 0 ? copy_into(from, &from_stat, from_path, to_path)
							: shell_complain("cp", from_path);
	close(from);
	return status;
}

static int copy_link(const char *from, const char *to)
{
	char target[LINE_BYTES];
	const ssize_t bytes = readlink(from, target, sizeof target - 1);
	if (bytes < 0)
		return shell_complain("cp", from);
	target[bytes] = 0;
	return symlink(target, to) == 0 ? 0 : shell_complain("cp", to);
}

/* Symbolic links stay such: where they lead to is not copied. */
static int copy_tree(const char *from, const char *to)
{
	struct stat stat_;
	if (lstat(from, &stat_) != 0)
		return shell_complain("cp", from);
	if (S_ISLNK(stat_.st_mode))
		return copy_link(from, to);
	if (!S_ISDIR(stat_.st_mode))
		return copy_file(from, to);
	if (mkdir(to, 0777) != 0 && !(errno == EEXIST && is_directory(to)))
		return shell_complain("cp", to);
	return walk("cp", from, to, copy_tree);
}

static int copy(const char *from, const char *to)
{
	if (!is_directory(from))
		return copy_file(from, to);
	fprintf(stderr, "cp: %s is a directory (-r copies it)\n", from);
	return 1;
}

/* A directory must not be copied into itself: that would have no end. */
static int copy_tree_apart(const char *from, const char *to)
{
	char above[LINE_BYTES];
	snprintf(above, sizeof above, "%s", to);
	char *slash = strrchr(above, '/');
	if (slash)
		slash[slash == above] = 0;
	char *source = realpath(from, NULL), *target = realpath(slash ? above : ".", NULL);
	const size_t bytes = source ? strlen(source) : 0;
	const bool inside = source && target && is_directory(from) && strncmp(target, source, bytes) == 0 &&
			    (target[bytes] == 0 || target[bytes] == '/' || bytes == 1);
	free(source);
	free(target);
	if (!inside)
		return copy_tree(from, to);
	fprintf(stderr, "cp: %s would be copied into itself\n", from);
	return 1;
}

/* FROM... TO, where TO may be a directory to put them in. */
static int to_target(const char *name, int argc, char **argv, int (*act)(const char *from, const char *to))
{
	char path[LINE_BYTES];
	int status = 0;
	const char *to = argv[argc - 1];
	const bool into = is_directory(to);
	if (argc > 2 && !into) {
		errno = ENOTDIR;
		return shell_complain(name, to);
	}
	for (int i = 0; i < argc - 1; i++) {
		if (!into)
			status |= act(argv[i], to);
		else
			status |= shell_join(path, sizeof path, to, base_name(argv[i])) ? act(argv[i], path) : 1;
	}
	return status;
}

int command_cp(int argc, char **argv)
{
	bool recursive = false;
	const int first = shell_options(argc, argv, "r", &recursive);
	if (first < 0 || argc - first < 2)
		return shell_usage("cp");
	return to_target("cp", argc - first, argv + first, recursive ? copy_tree_apart : copy);
}

static int remove_tree(const char *path, const char *unused)
{
	struct stat stat_;
	(void)unused;
	if (lstat(path, &stat_) != 0)
		return shell_complain("rm", path);
	if (S_ISDIR(stat_.st_mode) && walk("rm", path, NULL, remove_tree) != 0)
		return 1;
	return remove(path) == 0 ? 0 : shell_complain("rm", path);
}

int command_rm(int argc, char **argv)
{
	enum { FORCE, RECURSIVE, FLAGS };
	bool flags[FLAGS] = { false };
	struct stat stat_;
	int status = 0;
	const int first = shell_options(argc, argv, "fr", flags);
	if (first < 0 || (first == argc && !flags[FORCE]))
		return shell_usage("rm");
	for (int i = first; i < argc; i++) {
		if (flags[FORCE] && lstat(argv[i], &stat_) != 0 && errno == ENOENT)
			continue;
		if (flags[RECURSIVE])
			status |= remove_tree(argv[i], NULL);
		else if (unlink(argv[i]) != 0)
			status |= shell_complain("rm", argv[i]);
	}
	return status;
}

/* Between file systems a file cannot be renamed: it is copied, with its time, then removed. */
static int move(const char *from, const char *to)
{
	struct stat stat_;
	if (rename(from, to) == 0)
		return 0;
	if (errno != EXDEV || lstat(from, &stat_) != 0)
		return shell_complain("mv", from);
	const int status = copy_tree(from, to);
	if (status)
		return status;
	const struct timespec times[] = { stat_.st_atim, stat_.st_mtim };
	utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW);
	return remove_tree(from, NULL);
}

int command_mv(int argc, char **argv)
{
	const int first = shell_options(argc, argv, "", NULL);
	if (first < 0 || argc - first < 2)
		return shell_usage("mv");
	return to_target("mv", argc - first, argv + first, move);
}

int command_ln(int argc, char **argv)
{
	bool symbolic = false;
	const int first = shell_options(argc, argv, "s", &symbolic);
	if (first < 0 || argc - first != 2)
		return shell_usage("ln");
	const char *target = argv[first], *name = argv[first + 1];
	return (symbolic ? symlink(target, name) : link(target, name)) == 0 ? 0 : shell_complain("ln", name);
}

static int make_path(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		const bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
		*slash = '/';
		if (!made)
			return -1;
	}
	return mkdir(path, 0777) == 0 || (errno == EEXIST && is_directory(path)) ? 0 : -1;
}

int command_mkdir(int argc, char **argv)
{
	bool parents = false;
	int status = 0;
	const int first = shell_options(argc, argv, "p", &parents);
	if (first < 0 || first == argc)
		return shell_usage("mkdir");
	for (int i = first; i < argc; i++)
		if ((parents ? make_path(argv[i]) : mkdir(argv[i], 0777)) != 0)
			status |= shell_complain("mkdir", argv[i]);
	return status;
}

int command_rmdir(int argc, char **argv)
{
	int status = 0;
	if (argc < 2)
		return shell_usage("rmdir");
	for (int i = 1; i < argc; i++)
		if (rmdir(argv[i]) != 0)
			status |= shell_complain("rmdir", argv[i]);
	return status;
}

int command_touch(int argc, char **argv)
{
	int status = 0;
	if (argc < 2)
		return shell_usage("touch");
	for (int i = 1; i < argc; i++) {
		const int fd = open(argv[i], O_WRONLY | O_CREAT, 0666);
		if (fd < 0 || futimens(fd, NULL) != 0)
			status |= shell_complain("touch", argv[i]);
		if (fd >= 0)
			close(fd);
	}
	return status;
}

int command_chmod(int argc, char **argv)
{
	char *end = NULL;
	int status = 0;
	const unsigned long mode = argc > 2 ? strtoul(argv[1], &end, 8) : 0;
	if (!end || *end || !*argv[1] || mode > 07777)
		return shell_usage("chmod");
	for (int i = 2; i < argc; i++)
		if (chmod(argv[i], (mode_t)mode) != 0)
			status |= shell_complain("chmod", argv[i]);
	return status;
}
