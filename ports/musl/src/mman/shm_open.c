/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared memory objects are files in /dev/shm, as musl has them. What is too long is so in any case (ENAMETOOLONG), also where
 * slashes within make it no name.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FOLDER "/dev/shm/"

char *__shm_mapname(const char *name, char *path)
{
	const size_t whole = strlen(name);
	while (*name == '/')
		name++;
	const size_t length = strlen(name);
	const int is_name = length && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
	if (whole >= PATH_MAX || (is_name && length > NAME_MAX)) {
		errno = ENAMETOOLONG;
		return 0;
	}
	if (!is_name) {
		errno = EINVAL;
		return 0;
	}
	memcpy(path, FOLDER, sizeof FOLDER - 1);
	memcpy(path + sizeof FOLDER - 1, name, length + 1);
	return path;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[sizeof FOLDER + NAME_MAX];
	int state;
	if (!__shm_mapname(name, path))
		return -1;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	const int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode);
	pthread_setcancelstate(state, 0);
	return fd;
}

int shm_unlink(const char *name)
{
	char path[sizeof FOLDER + NAME_MAX];
	return __shm_mapname(name, path) ? unlink(path) : -1;
}
