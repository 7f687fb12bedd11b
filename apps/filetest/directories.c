/* SPDX-License-Identifier: Apache-2.0 */
/* The current directory, and what directories hold. */
#include "filetest.h"

#include <dirent.h>
#include <ftw.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

void current_directory(void)
{
	char before[4096], path[4096];
	CHECK(getcwd(before, sizeof before) == before);
	CHECK(mkdir("cwd", 0755) == 0 && chdir("cwd") == 0 && getcwd(path, sizeof path) == path);
	CHECK(strcmp(path + strlen(path) - 4, "/cwd") == 0);
	put("inside", "text");
	CHECK(holds("../cwd/./inside", "text"));
	CHECK(getcwd(path, 2) == NULL && errno == ERANGE);
	const int here = open(".", O_RDONLY | O_DIRECTORY), file = open("inside", O_RDONLY);
	CHECK(chdir("..") == 0 && holds("cwd/inside", "text") && fchdir(here) == 0 && holds("inside", "text"));
	CHECK_FAILS(chdir("inside"), ENOTDIR);
	CHECK_FAILS(fchdir(file), ENOTDIR);
	CHECK_FAILS(chdir("absent"), ENOENT);
	CHECK(unlink("inside") == 0 && chdir(before) == 0 && close(here) == 0 && close(file) == 0);
	CHECK(rmdir("cwd") == 0 && getcwd(path, sizeof path) && strcmp(path, before) == 0);
}

static int count_visit(const char *path, const struct stat *stat_, int type, struct FTW *where)
{
	static int regular;
	(void)path, (void)stat_, (void)where;
	regular += type == FTW_F;
	return type == FTW_DP && where->level == 0 ? regular : 0;
}

void listing(void)
{
	enum { MANY = 200 };
	char name[300];
	static bool seen[MANY];
	int dots = 0, strangers = 0;
	CHECK(mkdir("list", 0755) == 0 && mkdir("list/sub", 0755) == 0);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "list/entry%d", i);
		put(name, "");
	}
	DIR *dir = opendir("list");
	for (struct dirent *entry; (entry = readdir(dir));) {
		char *end;
		const long number = strtol(entry->d_name + 5, &end, 10);
		if (strncmp(entry->d_name, "entry", 5) == 0 && !*end && number < MANY) {
			CHECK(!seen[number] && (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN));
			seen[number] = true;
		} else if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			dots++;
		} else {
			strangers++;
			CHECK(strcmp(entry->d_name, "sub") == 0 && entry->d_type == DT_DIR && entry->d_ino);
		}
	}
	for (int i = 0; i < MANY; i++)
		CHECK(seen[i]);
	CHECK(dots == 2 && strangers == 1);
	rewinddir(dir);
	CHECK(readdir(dir) && readdir(dir));
	const long place = telldir(dir);
	struct dirent *third = readdir(dir);
	snprintf(name, sizeof name, "%s", third->d_name);
	seekdir(dir, place);
	CHECK(strcmp(readdir(dir)->d_name, name) == 0 && closedir(dir) == 0);

	glob_t found;
	CHECK(glob("list/entry1[0-4]", 0, NULL, &found) == 0 && found.gl_pathc == 5);
	CHECK(strcmp(found.gl_pathv[4], "list/entry14") == 0);
	globfree(&found);
	CHECK(nftw("list", count_visit, 8, FTW_DEPTH | FTW_PHYS) == MANY);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "list/entry%d", i);
		CHECK(unlink(name) == 0);
	}
	CHECK(opendir("list/absent") == NULL && errno == ENOENT);
	CHECK(rmdir("list/sub") == 0 && rmdir("list") == 0);
}
