/* SPDX-License-Identifier: Apache-2.0 */
/* Names: hard and symbolic links, renames, removals, names that begin at an open directory. */
#include "filetest.h"

#include <stdlib.h>
#include <sys/stat.h>

void links(void)
{
	struct stat one, two;
	put("one", "contents");
	CHECK(link("one", "two") == 0 && stat("one", &one) == 0 && stat("two", &two) == 0);
	CHECK(one.st_ino == two.st_ino && one.st_dev == two.st_dev && one.st_nlink == 2);
	CHECK_FAILS(link("one", "two"), EEXIST);
	CHECK_FAILS(link("absent", "three"), ENOENT);
	CHECK(unlink("one") == 0 && holds("two", "contents") && stat("two", &two) == 0 && two.st_nlink == 1);
	CHECK(mkdir("dir", 0755) == 0);
	CHECK_FAILS(link("dir", "again"), EPERM);
	CHECK(rmdir("dir") == 0 && unlink("two") == 0);
}

void symbolic_links(void)
{
	char text[16] = "................";
	struct stat stat_;
	put("target", "here");
	CHECK(symlink("target", "soft") == 0 && holds("soft", "here"));
	CHECK(readlink("soft", text, sizeof text) == 6 && memcmp(text, "target..", 8) == 0);
	CHECK(readlink("soft", text, 3) == 3);
	CHECK(lstat("soft", &stat_) == 0 && S_ISLNK(stat_.st_mode) && stat_.st_size == 6);
	CHECK(stat("soft", &stat_) == 0 && S_ISREG(stat_.st_mode));
	CHECK_FAILS(open("soft", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_FAILS(readlink("target", text, sizeof text), EINVAL);
	CHECK_FAILS(symlink("x", "soft"), EEXIST);
	CHECK(linkat(AT_FDCWD, "soft", AT_FDCWD, "hard", AT_SYMLINK_FOLLOW) == 0);
	CHECK(lstat("hard", &stat_) == 0 && S_ISREG(stat_.st_mode) && unlink("hard") == 0);
	CHECK(symlink("loop", "loop") == 0);
	CHECK_FAILS(open("loop", O_RDONLY), ELOOP);
	CHECK(unlink("loop") == 0 && unlink("target") == 0);
	CHECK_FAILS(open("soft", O_RDONLY), ENOENT);
	const int fd = open("soft", O_WRONLY | O_CREAT, 0644); /* makes what the link names */
	CHECK(fd >= 0 && close(fd) == 0 && access("target", F_OK) == 0);
	CHECK(unlink("soft") == 0 && unlink("target") == 0);
	char *path = realpath("/", NULL);
	CHECK(path && strcmp(path, "/") == 0);
	free(path);
}

void renaming(void)
{
	put("old", "old text");
	put("new", "new text");
	const int fd = open("new", O_RDONLY);
	char text[9] = "";
	CHECK(rename("old", "new") == 0 && holds("new", "old text"));
	CHECK(read(fd, text, 8) == 8 && strcmp(text, "new text") == 0 && close(fd) == 0); /* the replaced one lives on */
	CHECK_FAILS(rename("old", "new"), ENOENT);
	CHECK(mkdir("a", 0755) == 0 && mkdir("a/b", 0755) == 0 && mkdir("c", 0755) == 0);
	CHECK(rename("new", "a/b/new") == 0 && holds("a/b/new", "old text"));
	CHECK_FAILS(rename("a", "a/b/a"), EINVAL);
	CHECK_FAILS(rename("a/b/new", "c"), EISDIR);
	CHECK_FAILS(rename("c", "a/b/new"), ENOTDIR);
	CHECK_FAILS(rename("c", "a/b"), ENOTEMPTY);
	CHECK(rename("a/b", "c") == 0 && holds("c/new", "old text"));
	CHECK(unlink("c/new") == 0 && rmdir("c") == 0 && rmdir("a") == 0);
}

void removing(void)
{
	char text[5] = "";
	put("gone", "text");
	const int fd = open("gone", O_RDONLY);
	CHECK(unlink("gone") == 0);
	CHECK_FAILS(unlink("gone"), ENOENT);
	CHECK(read(fd, text, 4) == 4 && strcmp(text, "text") == 0 && close(fd) == 0); /* until it is closed */
	CHECK(mkdir("dir", 0755) == 0);
	CHECK_FAILS(mkdir("dir", 0755), EEXIST);
	put("dir/file", "");
	CHECK_FAILS(unlink("dir"), EISDIR);
	CHECK_FAILS(rmdir("dir"), ENOTEMPTY);
	CHECK_FAILS(rmdir("dir/file"), ENOTDIR);
	CHECK(remove("dir/file") == 0 && remove("dir") == 0);
	CHECK_FAILS(mkdir("absent/dir", 0755), ENOENT);
}

void relative_names(void)
{
	struct stat stat_;
	CHECK(mkdir("base", 0755) == 0);
	const int base = open("base", O_RDONLY | O_DIRECTORY);
	const int fd = openat(base, "file", O_RDWR | O_CREAT, 0644);
	CHECK(fd >= 0 && write(fd, "abc", 3) == 3 && holds("base/file", "abc"));
	CHECK(fstatat(base, "file", &stat_, 0) == 0 && stat_.st_size == 3);
	CHECK(fstatat(fd, "", &stat_, AT_EMPTY_PATH) == 0 && stat_.st_size == 3);
	CHECK(mkdirat(base, "sub", 0700) == 0 && symlinkat("file", base, "soft") == 0 && faccessat(base, "soft", R_OK, 0) == 0);
	CHECK(renameat(base, "file", base, "sub/moved") == 0 && linkat(base, "sub/moved", AT_FDCWD, "linked", 0) == 0);
	CHECK(holds("linked", "abc") && unlink("linked") == 0);
	CHECK_FAILS(openat(fd, "file", O_RDONLY), ENOTDIR);
	CHECK_FAILS(openat(77, "file", O_RDONLY), EBADF);
	int ends[2];
	CHECK(pipe(ends) == 0);
	CHECK_FAILS(openat(ends[0], "file", O_RDONLY), ENOTDIR);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
	CHECK(unlinkat(base, "sub/moved", 0) == 0 && unlinkat(base, "soft", 0) == 0 && unlinkat(base, "sub", AT_REMOVEDIR) == 0);
	CHECK(close(fd) == 0 && close(base) == 0 && rmdir("base") == 0);
}
