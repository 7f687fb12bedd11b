/* SPDX-License-Identifier: Apache-2.0 */
/* What files are: status, modes, times, the file system they lie in; and the devices that each system has. */
#include "filetest.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

void status(void)
{
	struct stat stat_;
	int ends[2];
	put("file", "12345");
	CHECK(stat("file", &stat_) == 0 && S_ISREG(stat_.st_mode) && stat_.st_size == 5 && stat_.st_nlink == 1);
	CHECK(stat_.st_uid == getuid() && stat_.st_gid == getgid() && stat_.st_blksize >= 512);
	CHECK(stat(".", &stat_) == 0 && S_ISDIR(stat_.st_mode));
	CHECK_FAILS(stat("absent", &stat_), ENOENT);
	CHECK_FAILS(stat("file/x", &stat_), ENOTDIR);
	CHECK_FAILS(fstat(77, &stat_), EBADF);
	CHECK(pipe(ends) == 0 && fstat(ends[0], &stat_) == 0 && S_ISFIFO(stat_.st_mode));
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0 && unlink("file") == 0);
}

static mode_t mode_of(const char *path)
{
	struct stat stat_;
	return lstat(path, &stat_) == 0 ? stat_.st_mode & 07777 : 0;
}

void modes(void)
{
	put("file", "x");
	CHECK(mode_of("file") == 0644 && chmod("file", 0600) == 0 && mode_of("file") == 0600);
	const int fd = open("file", O_RDONLY);
	CHECK(fchmod(fd, 04711) == 0 && mode_of("file") == 04711 && fchmodat(AT_FDCWD, "file", 0444, 0) == 0);
	CHECK(mode_of("file") == 0444 && close(fd) == 0);
	CHECK_FAILS(chmod("absent", 0600), ENOENT);
	CHECK(access("file", R_OK) == 0 && access("file", F_OK) == 0);
	CHECK_FAILS(access("absent", F_OK), ENOENT);
	CHECK_FAILS(access("file", X_OK), EACCES);
	CHECK(umask(077) == 022 && mkdir("dir", 0777) == 0 && mode_of("dir") == 0700 && umask(022) == 077);
	CHECK(chown("file", (uid_t)-1, (gid_t)-1) == 0 && lchown("file", getuid(), getgid()) == 0);
	CHECK(unlink("file") == 0 && rmdir("dir") == 0);
}

void times_of_files(void)
{
	struct stat stat_;
	struct timespec now;
	put("file", "x");
	CHECK(stat("file", &stat_) == 0 && clock_gettime(CLOCK_REALTIME, &now) == 0);
	CHECK(now.tv_sec - stat_.st_mtim.tv_sec >= -1 && now.tv_sec - stat_.st_mtim.tv_sec < 60);
	const struct timespec times[2] = { { 1000000000, 123456789 }, { 1234567890, 5 } };
	CHECK(utimensat(AT_FDCWD, "file", times, 0) == 0 && stat("file", &stat_) == 0);
	CHECK(stat_.st_atim.tv_sec == 1000000000 && stat_.st_atim.tv_nsec == 123456789);
	CHECK(stat_.st_mtim.tv_sec == 1234567890 && stat_.st_mtim.tv_nsec == 5);
	const int fd = open("file", O_WRONLY);
	const struct timespec one[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_NOW } };
	CHECK(futimens(fd, one) == 0 && fstat(fd, &stat_) == 0 && stat_.st_atim.tv_sec == 1000000000);
	CHECK(stat_.st_mtim.tv_sec >= now.tv_sec - 1 && stat_.st_ctim.tv_sec >= now.tv_sec - 1);
	const struct timespec none[2] = { { .tv_nsec = -1 }, { 0 } };
	CHECK_FAILS(futimens(fd, none), EINVAL);
	CHECK(close(fd) == 0 && unlink("file") == 0);
}

void file_systems(void)
{
	struct statvfs by_path, by_file;
	const int fd = open(".", O_RDONLY);
	CHECK(statvfs(".", &by_path) == 0 && fstatvfs(fd, &by_file) == 0 && by_path.f_bsize == by_file.f_bsize);
	CHECK(by_path.f_namemax == 255 && by_path.f_bsize >= 512 && by_path.f_bfree <= by_path.f_blocks);
	CHECK_FAILS(statvfs("absent", &by_path), ENOENT);
	CHECK(close(fd) == 0);
}

void devices(void)
{
	char bytes[4] = "....";
	struct stat stat_;
	int fd = open("/dev/null", O_RDWR);
	CHECK(fd >= 0 && write(fd, "abc", 3) == 3 && read(fd, bytes, 4) == 0 && close(fd) == 0);
	fd = open("/dev/zero", O_RDWR);
	CHECK(read(fd, bytes, 4) == 4 && memcmp(bytes, "\0\0\0\0", 4) == 0 && write(fd, bytes, 4) == 4 && close(fd) == 0);
	fd = open("/dev/full", O_WRONLY);
	CHECK_FAILS(write(fd, "x", 1), ENOSPC);
	CHECK(close(fd) == 0 && stat("/dev/null", &stat_) == 0 && S_ISCHR(stat_.st_mode) && stat_.st_rdev == 0x103);
	fd = open("/dev/urandom", O_RDONLY);
	CHECK(fd < 0 || (read(fd, bytes, 4) == 4 && close(fd) == 0));
	FILE *file = fopen("/dev/null", "w");
	CHECK(file && fputs("away", file) >= 0 && fclose(file) == 0);
}
