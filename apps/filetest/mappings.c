/* SPDX-License-Identifier: Apache-2.0 */
/* Files in memory. */
#include "filetest.h"

#include <sys/mman.h>

enum { PAGE = 4096 };

void private_mapping(void)
{
	put("map", "contents");
	const int fd = open("map", O_RDWR);
	char *text = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(text != MAP_FAILED && memcmp(text, "contents\0\0", 10) == 0 && text[PAGE - 1] == 0);
	text[0] = 'C';
	CHECK(holds("map", "contents") && close(fd) == 0 && text[0] == 'C' && munmap(text, PAGE) == 0);
	CHECK(unlink("map") == 0);
}

/* Larger and smaller, where it is or elsewhere: what was there is there, the rest is zero or the file's. */
void other_sizes(void)
{
	char *memory = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(memory != MAP_FAILED);
	memset(memory, 'x', 4 * PAGE);
	CHECK(mremap(memory, 4 * PAGE, 2 * PAGE, 0) == memory && memory[2 * PAGE - 1] == 'x');
	CHECK(mremap(memory, 2 * PAGE, 3 * PAGE, 0) == memory && memory[2 * PAGE - 1] == 'x' && memory[2 * PAGE] == 0);
	char *large = mremap(memory, 3 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	CHECK(large != MAP_FAILED && large[0] == 'x' && large[2 * PAGE - 1] == 'x' && large[2 * PAGE] == 0);
	memset(large + 2 * PAGE, 'y', 62 * PAGE);
	CHECK(large[64 * PAGE - 1] == 'y' && mremap(large, 64 * PAGE, 64 * PAGE, 0) == large);
	CHECK(mremap(large, 64 * PAGE, 0, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mremap(large + 1, PAGE, PAGE, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(munmap(large, 64 * PAGE) == 0);
	CHECK(mremap(large, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED && errno == EFAULT);

	const int fd = open("map", O_RDWR | O_CREAT, 0644);
	CHECK(ftruncate(fd, 3 * PAGE) == 0 && pwrite(fd, "third", 5, 2 * PAGE) == 5);
	char *text = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(text != MAP_FAILED);
	memcpy(text, "first", 6);
	text = mremap(text, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	CHECK(text != MAP_FAILED && strcmp(text, "first") == 0 && strcmp(text + 2 * PAGE, "third") == 0);
	text[2 * PAGE] = 'T';
	CHECK(munmap(text, 3 * PAGE) == 0 && close(fd) == 0);
	char back[6] = "";
	const int reader = open("map", O_RDONLY);
	CHECK(pread(reader, back, 5, 2 * PAGE) == 5 && strcmp(back, "Third") == 0);
	CHECK(close(reader) == 0 && unlink("map") == 0);
}

void shared_mapping(void)
{
	char text[8];
	const int fd = open("map", O_RDWR | O_CREAT, 0644), reader = open("map", O_RDONLY);
	CHECK(ftruncate(fd, 3 * PAGE) == 0 && pwrite(fd, "second", 6, PAGE) == 6);
	char *all = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *part = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, PAGE);
	CHECK(all != MAP_FAILED && part != MAP_FAILED && memcmp(all + PAGE, "second", 6) == 0);
	all[PAGE] = 'S';
	CHECK(part[0] == 'S');
	CHECK(pread(reader, text, 6, PAGE) == 6 && memcmp(text, "Second", 6) == 0); /* the file is what is mapped */
	CHECK(pwrite(fd, "third", 5, 2 * PAGE) == 5 && memcmp(all + 2 * PAGE, "third", 5) == 0);
	memcpy(all, "first", 5);
	CHECK(msync(all, 3 * PAGE, MS_SYNC) == 0 && pread(reader, text, 5, 0) == 5 && memcmp(text, "first", 5) == 0);
	CHECK(close(fd) == 0);
	all[5] = '!';
	CHECK(munmap(all, 3 * PAGE) == 0 && munmap(part, PAGE) == 0);
	CHECK(pread(reader, text, 6, 0) == 6 && memcmp(text, "first!", 6) == 0);
	CHECK(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EACCES);
	CHECK(mmap(NULL, 0, PROT_READ, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 5) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 77, 0) == MAP_FAILED && errno == EBADF);
	CHECK(close(reader) == 0 && unlink("map") == 0);

	/* Shared memory by name. */
	const int shm = shm_open("/filetest", O_RDWR | O_CREAT | O_EXCL, 0600);
	CHECK(shm >= 0 && ftruncate(shm, PAGE) == 0);
	int *counter = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, shm, 0);
	const int again = shm_open("/filetest", O_RDWR, 0);
	int *same = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0);
	CHECK(counter != MAP_FAILED && same != MAP_FAILED);
	*counter = 7;
	CHECK(*same == 7 && munmap(counter, PAGE) == 0 && munmap(same, PAGE) == 0);
	CHECK(close(shm) == 0 && close(again) == 0 && shm_unlink("/filetest") == 0);
}
