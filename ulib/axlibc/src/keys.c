/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thread-specific values. A thread's values are allocated when it sets its first one. A value carries the number of
 * the key's creation, so that deleting a key forgets every thread's value at once, without visiting them.
 */
#include "axlibc_threads.h"

#include <limits.h>
#include <stdlib.h>

typedef struct value {
	uint64_t creation;
	void *value;
} value_t;

static struct key {
	uint64_t creation; /* even: free; odd: in use. s_lock */
	void (*destructor)(void *);
} s_keys[PTHREAD_KEYS_MAX];
static ax_mutex_t s_lock;

static _Thread_local value_t *t_values; /* PTHREAD_KEYS_MAX, or NULL */

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	AX_MUTEX_GUARD(&s_lock);
	for (pthread_key_t i = 0; i < PTHREAD_KEYS_MAX; i++) {
		if (s_keys[i].creation & 1)
			continue;
		s_keys[i].destructor = destructor;
		s_keys[i].creation++;
		*key = i;
		return 0;
	}
	return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
	AX_MUTEX_GUARD(&s_lock);
	if (key >= PTHREAD_KEYS_MAX || !(s_keys[key].creation & 1))
		return EINVAL;
	s_keys[key].creation++;
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	const value_t *values = t_values;
	if (!values || key >= PTHREAD_KEYS_MAX || values[key].creation != s_keys[key].creation)
		return NULL;
	return values[key].value;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= PTHREAD_KEYS_MAX || !(s_keys[key].creation & 1))
		return EINVAL;
	if (!t_values) {
		if (!value)
			return 0;
		t_values = calloc(PTHREAD_KEYS_MAX, sizeof *t_values);
		if (!t_values)
			return ENOMEM;
	}
	t_values[key] = (value_t){ s_keys[key].creation, (void *)value };
	return 0;
}

static bool run_destructors(void)
{
	bool ran = false;
	for (pthread_key_t i = 0; i < PTHREAD_KEYS_MAX; i++) {
		void *value = pthread_getspecific(i);
		void (*destructor)(void *) = s_keys[i].destructor;
		t_values[i].value = NULL;
		if (value && destructor) {
			destructor(value);
			ran = true;
		}
	}
	return ran;
}

void axlibc_keys_end(void)
{
	if (!t_values)
		return;
	for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS && run_destructors(); i++)
		;
	free(t_values);
	t_values = NULL;
}

/* The C library's own names, and C11's. */
int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
	__attribute__((alias("pthread_key_create"), visibility("default")));
int __pthread_key_delete(pthread_key_t key) __attribute__((alias("pthread_key_delete"), visibility("default")));
void *tss_get(tss_t key) __attribute__((alias("pthread_getspecific"), visibility("default")));
