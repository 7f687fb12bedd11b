/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named semaphores (POSIX.1-2017, sem_open()). There is one process, so a name stands for a semaphore in its memory: it
 * lives while it has a name or is open. The mode of a new one says nothing, as there is one user.
 */
#include "axlibc_threads.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct named {
	struct named *next;
	sem_t semaphore;
	size_t opened;   /* sem_open() less sem_close() */
	bool has_name;   /* until sem_unlink() */
	char name[];     /* without leading slashes */
} named_t;

static ax_mutex_t s_lock;
static named_t *s_all; /* under s_lock, as what is in each */

/* The part of @p name that tells semaphores apart; NULL with errno set for one that no semaphore can have. */
static const char *checked(const char *name)
{
	while (*name == '/')
		name++;
	if (!*name || strchr(name, '/')) {
		errno = EINVAL;
		return NULL;
	}
	if (strlen(name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return name;
}

static named_t *find(const char *name)
{
	named_t *named = s_all;
	while (named && !(named->has_name && strcmp(named->name, name) == 0))
		named = named->next;
	return named;
}

static named_t *create(const char *name, unsigned value)
{
	if (value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return NULL;
	}
	named_t *named = malloc(sizeof *named + strlen(name) + 1);
	if (!named)
		return NULL;
	ax_semaphore_init((ax_semaphore_t *)&named->semaphore, value);
	named->opened = 0;
	named->has_name = true;
	strcpy(named->name, name);
	named->next = s_all;
	s_all = named;
	return named;
}

static void release_if_unused(named_t *named)
{
	if (named->has_name || named->opened)
		return;
	named_t **link = &s_all;
	while (*link != named)
		link = &(*link)->next;
	*link = named->next;
	free(named);
}

sem_t *sem_open(const char *name, int flags, ...)
{
	name = checked(name);
	if (!name)
		return SEM_FAILED;
	AX_MUTEX_GUARD(&s_lock);
	named_t *named = find(name);
	if (named && (flags & O_CREAT) && (flags & O_EXCL)) {
		errno = EEXIST;
		return SEM_FAILED;
	}
	if (!named && !(flags & O_CREAT)) {
		errno = ENOENT;
		return SEM_FAILED;
	}
	if (!named) {
		va_list more;
		va_start(more, flags);
		(void)va_arg(more, mode_t);
		named = create(name, va_arg(more, unsigned));
		va_end(more);
	}
	if (!named)
		return SEM_FAILED;
	named->opened++;
	return &named->semaphore;
}

int sem_close(sem_t *semaphore)
{
	AX_MUTEX_GUARD(&s_lock);
	named_t *named = s_all;
	while (named && !(&named->semaphore == semaphore && named->opened))
		named = named->next;
	if (!named) {
		errno = EINVAL;
		return -1;
	}
	named->opened--;
	release_if_unused(named);
	return 0;
}

int sem_unlink(const char *name)
{
	name = checked(name);
	if (!name)
		return -1;
	AX_MUTEX_GUARD(&s_lock);
	named_t *named = find(name);
	if (!named) {
		errno = ENOENT;
		return -1;
	}
	named->has_name = false;
	release_if_unused(named);
	return 0;
}
