/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly one initialization, seen by all, alone and among threads. */
#include <axtest.h>
#include <lazy_init/lazy_init.h>
#include <pthread.h>

TEST(only_the_first_is_to_initialize)
{
	lazy_init_t once = LAZY_INIT;
	CHECK(!lazy_init_is_done(&once));
	CHECK(lazy_init_begin(&once));
	CHECK(!lazy_init_is_done(&once));
	CHECK_EQ(lazy_init_try_begin(&once), LAZY_INIT_RUNNING);
	lazy_init_end(&once);
	CHECK(lazy_init_is_done(&once));
	CHECK(!lazy_init_begin(&once));
}

TEST(after_an_abort_the_next_tries_again)
{
	lazy_init_t once = LAZY_INIT;
	CHECK(lazy_init_begin(&once));
	lazy_init_abort(&once);
	CHECK(lazy_init_begin(&once));
	lazy_init_end(&once);
	CHECK(!lazy_init_begin(&once));
}

enum { ROUNDS = 500, THREADS = 4 };

static lazy_init_t s_once[ROUNDS];
static int s_value[ROUNDS];
static atomic_int s_wrong;

static void *race(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (lazy_init_begin(&s_once[i])) {
			s_value[i]++;
			lazy_init_end(&s_once[i]);
		}
		if (s_value[i] != 1)
			s_wrong++;
	}
	return argument;
}

TEST(racing_threads_all_see_one_initialization)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, race, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(s_wrong, 0);
}
