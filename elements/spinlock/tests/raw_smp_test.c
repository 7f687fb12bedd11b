/* SPDX-License-Identifier: Apache-2.0 */
/* With smp, the host's threads playing CPUs: one holder at a time. */
#include <axtest.h>
#include <pthread.h>
#include <sched.h>
#include <spinlock/spinlock.h>

enum { THREADS = 4, ROUNDS = 20000 };

static raw_spinlock_t s_raw = RAW_SPINLOCK_INIT;
static spinlock_t s_lock = SPINLOCK_INIT;
static long s_raw_count, s_count;

void spin_relax(void)
{
	sched_yield();
}

static void *count(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		spin_raw_lock(&s_raw);
		s_raw_count++;
		spin_raw_unlock(&s_raw);
		SPIN_GUARD(&s_lock);
		s_count++;
	}
	return argument;
}

TEST(no_increment_under_the_lock_is_lost)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, count, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(s_raw_count, THREADS * ROUNDS);
	CHECK_EQ(s_count, THREADS * ROUNDS);
}

TEST(try_lock_fails_while_held)
{
	spin_lock(&s_lock);
	CHECK(!spin_try_lock(&s_lock));
	spin_unlock(&s_lock);
	CHECK(spin_try_lock(&s_lock));
	spin_unlock(&s_lock);
}

TEST(raw_guard_ends_with_its_block)
{
	{
		SPIN_GUARD_RAW(&s_raw);
		CHECK(!spin_raw_try_lock(&s_raw));
	}
	CHECK(spin_raw_try_lock(&s_raw));
	spin_raw_unlock(&s_raw);
}
