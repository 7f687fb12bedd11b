/* SPDX-License-Identifier: Apache-2.0 */
/* Contents: reading, writing, positions, opening, appending, vectors, holes, sizes. */
#include "filetest.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

void reading_and_writing(void)
{
	char text[32] = "";
	const int fd = open("data", O_RDWR | O_CREAT | O_EXCL, 0644);
	CHECK(fd == 3 && write(fd, "hello world", 11) == 11 && lseek(fd, 0, SEEK_CUR) == 11 && read(fd, text, 5) == 0);
	CHECK(lseek(fd, -5, SEEK_END) == 6 && read(fd, text, 9) == 5 && strcmp(text, "world") == 0);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && write(fd, "J", 1) == 1 && lseek(fd, 1, SEEK_CUR) == 2);
	CHECK(pwrite(fd, "!", 1, 11) == 1 && pread(fd, text, 12, 0) == 12 && memcmp(text, "Jello world!", 12) == 0);
	CHECK(lseek(fd, 0, SEEK_CUR) == 2); /* pread() and pwrite() leave it */
	int left;
	CHECK(ioctl(fd, FIONREAD, &left) == 0 && left == 10);
	CHECK_FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_FAILS(lseek(fd, 0, 77), EINVAL);
	CHECK_FAILS(pread(fd, text, 1, -1), EINVAL);
	CHECK(read(fd, text, 0) == 0 && write(fd, text, 0) == 0);

	const int copy = dup(fd), other = open("data", O_RDONLY);
	CHECK(lseek(copy, 4, SEEK_SET) == 4 && lseek(fd, 0, SEEK_CUR) == 4); /* one position for both */
	CHECK(lseek(other, 0, SEEK_CUR) == 0);
	CHECK(close(fd) == 0 && read(copy, text, 1) == 1 && text[0] == 'o');
	CHECK_FAILS(write(other, "x", 1), EBADF);
	CHECK(close(copy) == 0 && close(other) == 0 && unlink("data") == 0);
	CHECK_FAILS(read(fd, text, 1), EBADF);
}

void opening(void)
{
	char byte;
	CHECK_FAILS(open("absent", O_RDONLY), ENOENT);
	CHECK_FAILS(open("", O_RDONLY), ENOENT);
	CHECK_FAILS(open("absent/file", O_CREAT | O_RDWR, 0644), ENOENT);
	put("file", "text");
	CHECK_FAILS(open("file", O_CREAT | O_EXCL | O_RDWR, 0644), EEXIST);
	CHECK_FAILS(open("file/", O_RDONLY), ENOTDIR);
	CHECK_FAILS(open("file/below", O_RDONLY), ENOTDIR);
	CHECK_FAILS(open("file", O_DIRECTORY), ENOTDIR);
	CHECK(mkdir("dir", 0755) == 0);
	CHECK_FAILS(open("dir", O_WRONLY), EISDIR);
	int fd = open("dir", O_RDONLY | O_DIRECTORY);
	CHECK_FAILS(read(fd, &byte, 1), EISDIR);
	CHECK(close(fd) == 0 && rmdir("dir") == 0);

	fd = open("file", O_WRONLY | O_APPEND | O_CLOEXEC);
	CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_WRONLY | O_APPEND) && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK_FAILS(read(fd, &byte, 1), EBADF);
	CHECK(close(fd) == 0);
	fd = open("file", O_RDWR | O_TRUNC);
	CHECK(read(fd, &byte, 1) == 0 && close(fd) == 0);
	fd = open("file", O_PATH);
	CHECK_FAILS(read(fd, &byte, 1), EBADF);
	CHECK(close(fd) == 0);
	fd = creat("file", 0600);
	CHECK(fd >= 0 && close(fd) == 0 && unlink("file") == 0);
	char name[300];
	memset(name, 'n', sizeof name - 1);
	name[299] = 0;
	CHECK_FAILS(open(name, O_CREAT | O_RDWR, 0644), ENAMETOOLONG);
}

void appending(void)
{
	put("log", "one");
	const int first = open("log", O_WRONLY | O_APPEND), second = open("log", O_RDWR);
	CHECK(write(first, "two", 3) == 3 && lseek(first, 0, SEEK_SET) == 0 && write(first, "!", 1) == 1);
	CHECK(holds("log", "onetwo!"));
	CHECK(fcntl(second, F_SETFL, O_APPEND) == 0 && write(second, "x", 1) == 1 && holds("log", "onetwo!x"));
	CHECK(fcntl(second, F_SETFL, 0) == 0 && pwrite(second, "O", 1, 0) == 1 && holds("log", "Onetwo!x"));
	CHECK(close(first) == 0 && close(second) == 0 && unlink("log") == 0);
}

void vectors(void)
{
	char a[3], b[8] = "";
	const int fd = open("vector", O_RDWR | O_CREAT, 0644);
	CHECK(writev(fd, (struct iovec[]){ { "ab", 2 }, { NULL, 0 }, { "cdefg", 5 } }, 3) == 7);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && readv(fd, (struct iovec[]){ { a, 3 }, { b, 7 } }, 2) == 7);
	CHECK(memcmp(a, "abc", 3) == 0 && strcmp(b, "defg") == 0);
	CHECK(pwritev(fd, (struct iovec[]){ { "X", 1 }, { "Y", 1 } }, 2, 2) == 2);
	CHECK(preadv(fd, (struct iovec[]){ { a, 1 }, { a + 1, 2 } }, 2, 2) == 3 && memcmp(a, "XYe", 3) == 0);
	CHECK(lseek(fd, 0, SEEK_CUR) == 7);
	volatile int too_few = -1;
	CHECK_FAILS(readv(fd, (struct iovec[]){ { a, 1 } }, too_few), EINVAL);
	CHECK(close(fd) == 0 && unlink("vector") == 0);
}

enum { FAR = 1 << 20 };

void holes(void)
{
	char bytes[16] = "................";
	struct stat stat;
	const int fd = open("hole", O_RDWR | O_CREAT, 0644);
	CHECK(lseek(fd, FAR, SEEK_SET) == FAR && write(fd, "end", 3) == 3);
	CHECK(fstat(fd, &stat) == 0 && stat.st_size == FAR + 3 && stat.st_blocks * 512 < FAR);
	CHECK(pread(fd, bytes, 16, FAR - 13) == 16 && bytes[0] == 0 && bytes[12] == 0 && memcmp(bytes + 13, "end", 3) == 0);
	CHECK(lseek(fd, 0, SEEK_DATA) > FAR - 65536 && lseek(fd, 0, SEEK_HOLE) == 0);
	CHECK(lseek(fd, FAR, SEEK_HOLE) == FAR + 3);
	CHECK_FAILS(lseek(fd, FAR + 3, SEEK_DATA), ENXIO);
	CHECK(close(fd) == 0 && unlink("hole") == 0);
}

void sizes(void)
{
	char bytes[8] = "........";
	const int fd = open("size", O_RDWR | O_CREAT, 0644), reader = open("size", O_RDONLY);
	CHECK(write(fd, "abcdef", 6) == 6 && ftruncate(fd, 3) == 0 && ftruncate(fd, 6) == 0);
	CHECK(pread(fd, bytes, 8, 0) == 6 && memcmp(bytes, "abc\0\0\0", 6) == 0);
	CHECK(truncate("size", 1) == 0 && lseek(fd, 0, SEEK_END) == 1);
	CHECK(posix_fallocate(fd, 0, 100) == 0 && lseek(fd, 0, SEEK_END) == 100 && posix_fallocate(fd, 0, 50) == 0);
	CHECK(lseek(fd, 0, SEEK_END) == 100);
	CHECK_FAILS(ftruncate(reader, 0), EINVAL);
	CHECK_FAILS(ftruncate(fd, -1), EINVAL);
	CHECK_FAILS(truncate("absent", 0), ENOENT);
	CHECK(fsync(fd) == 0 && fdatasync(fd) == 0);
	CHECK_FAILS(fsync(77), EBADF);
	sync();
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL) == 0);
	CHECK(close(fd) == 0 && close(reader) == 0 && unlink("size") == 0);
}

void streams(void)
{
	char line[64];
	FILE *file = fopen("stream", "w+");
	CHECK(file && fprintf(file, "%d %s\n", 42, "lines") == 9 && fputs("second\n", file) >= 0);
	rewind(file);
	CHECK(fgets(line, sizeof line, file) && strcmp(line, "42 lines\n") == 0);
	CHECK(fseek(file, -3, SEEK_END) == 0 && fgetc(file) == 'n' && ftell(file) == 14);
	CHECK(fclose(file) == 0);
	file = fopen("stream", "a");
	CHECK(file && fputs("third\n", file) >= 0 && fclose(file) == 0 && holds("stream", "42 lines\nsecond\nthird\n"));
	CHECK(remove("stream") == 0 && fopen("stream", "r") == NULL && errno == ENOENT);
	file = tmpfile();
	CHECK(file && fputs("x", file) >= 0 && fclose(file) == 0);
	char name[] = "tempXXXXXX";
	const int fd = mkstemp(name);
	CHECK(fd >= 0 && close(fd) == 0 && unlink(name) == 0);
}
