/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: three of them greet in turn. */
#include <axstd/axstd.h>

#include "shapes.h"

enum { THREADS = 3 };

static ax_mutex_t s_lock = AX_MUTEX_INIT; /* protects s_turn */
static ax_condvar_t s_next = AX_CONDVAR_INIT;
static int s_turn;

static void *greet(void *argument)
{
	int number = (int)(intptr_t)argument;
	AX_MUTEX_GUARD(&s_lock);
	while (s_turn != number)
		ax_condvar_wait(&s_next, &s_lock);
	ax_print("Hello, thread %d!\n", number);
	s_turn++;
	ax_condvar_broadcast(&s_next);
	return NULL;
}

int say_with_threads(void)
{
	ax_thread_t *threads[THREADS];
	for (intptr_t i = THREADS - 1; i >= 0; i--) {
		if (ax_thread_spawn(greet, (void *)i, &threads[i]) != AX_OK)
			return 1;
	}
	for (int i = 0; i < THREADS; i++) {
		if (ax_thread_join(threads[i], NULL) != AX_OK)
			return 1;
	}
	return 0;
}
