/* SPDX-License-Identifier: Apache-2.0 */
/* Each check prints its name; a line that says FAIL has the place. See app.toml. */
#include "posixtest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

bool posixtest_failed;

static struct timespec after_ms(clockid_t clock, long ms)
{
	struct timespec time;
	clock_gettime(clock, &time);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

enum { THREADS = 4, ROUNDS = 1000 };

static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_condvar = PTHREAD_COND_INITIALIZER;
static int s_counter;

static void *count(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&s_mutex);
		const int seen = s_counter;
		if (i % 100 == 0)
			sched_yield();
		s_counter = seen + 1;
		pthread_mutex_unlock(&s_mutex);
	}
	return argument;
}

static void threads_and_mutex(void)
{
	pthread_t threads[THREADS];
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, count, (void *)(i + 1)) == 0);
	for (intptr_t i = 0; i < THREADS; i++) {
		void *result;
		CHECK(pthread_join(threads[i], &result) == 0);
		CHECK(result == (void *)(i + 1));
	}
	CHECK(s_counter == THREADS * ROUNDS);
	CHECK(pthread_join(pthread_self(), NULL) == EDEADLK);
}

static void mutex_types(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex, &attr);
	CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == 0 && pthread_mutex_trylock(&mutex) == 0);
	CHECK(pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
	CHECK(pthread_mutex_unlock(&mutex) == EPERM);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&mutex, &attr);
	CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK);
	CHECK(pthread_mutex_trylock(&mutex) == EBUSY);
	CHECK(pthread_mutex_unlock(&mutex) == 0);
	pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&plain);
	struct timespec soon = after_ms(CLOCK_REALTIME, 5);
	CHECK(pthread_mutex_timedlock(&plain, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&plain);
}

static int s_stage;

static void *stages(void *unused)
{
	pthread_mutex_lock(&s_mutex);
	while (s_stage != 1)
		pthread_cond_wait(&s_condvar, &s_mutex);
	s_stage = 2;
	pthread_cond_broadcast(&s_condvar);
	pthread_mutex_unlock(&s_mutex);
	return unused;
}

static void condition_variable(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, stages, NULL);
	pthread_mutex_lock(&s_mutex);
	s_stage = 1;
	pthread_cond_signal(&s_condvar);
	while (s_stage != 2)
		pthread_cond_wait(&s_condvar, &s_mutex);
	struct timespec soon = after_ms(CLOCK_REALTIME, 5);
	CHECK(pthread_cond_timedwait(&s_condvar, &s_mutex, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&s_mutex);
	pthread_join(thread, NULL);
}

static sem_t s_ping, s_pong;
static pthread_barrier_t s_barrier;
static pthread_rwlock_t s_rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int s_serial;

static void *answer(void *unused)
{
	for (int i = 0; i < 10; i++) {
		sem_wait(&s_ping);
		sem_post(&s_pong);
	}
	if (pthread_barrier_wait(&s_barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		__atomic_fetch_add(&s_serial, 1, __ATOMIC_RELAXED);
	CHECK(pthread_rwlock_tryrdlock(&s_rwlock) == 0 && pthread_rwlock_unlock(&s_rwlock) == 0);
	CHECK(pthread_rwlock_trywrlock(&s_rwlock) == EBUSY);
	return unused;
}

static void other_locks(void)
{
	pthread_t thread;
	int value;
	sem_init(&s_ping, 0, 0);
	sem_init(&s_pong, 0, 0);
	CHECK(pthread_barrier_init(&s_barrier, NULL, 2) == 0);
	CHECK(sem_trywait(&s_ping) == -1 && errno == EAGAIN);
	struct timespec soon = after_ms(CLOCK_REALTIME, 5);
	CHECK(sem_timedwait(&s_ping, &soon) == -1 && errno == ETIMEDOUT);
	pthread_rwlock_rdlock(&s_rwlock);
	pthread_create(&thread, NULL, answer, NULL);
	for (int i = 0; i < 10; i++) {
		sem_post(&s_ping);
		sem_wait(&s_pong);
	}
	if (pthread_barrier_wait(&s_barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		__atomic_fetch_add(&s_serial, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	pthread_rwlock_unlock(&s_rwlock);
	CHECK(s_serial == 1);
	CHECK(sem_getvalue(&s_pong, &value) == 0 && value == 0);
	pthread_barrier_destroy(&s_barrier);
}

static pthread_key_t s_key;
static int s_destroyed, s_cleaned;
static _Thread_local int t_local = 7;

static void destroy(void *value)
{
	s_destroyed += *(int *)value;
	free(value);
}

static void clean(void *unused)
{
	(void)unused;
	s_cleaned++;
}

static void *own_state(void *unused)
{
	CHECK(pthread_getspecific(s_key) == NULL);
	CHECK(t_local == 7);
	t_local = 8;
	errno = ERANGE;
	int *value = malloc(sizeof *value);
	*value = 5;
	pthread_setspecific(s_key, value);
	pthread_cleanup_push(clean, NULL);
	pthread_exit(unused);
	pthread_cleanup_pop(0);
	return NULL;
}

static void per_thread_state(void)
{
	pthread_t thread;
	pthread_key_create(&s_key, destroy);
	errno = 0;
	pthread_create(&thread, NULL, own_state, (void *)0x123);
	void *result;
	pthread_join(thread, &result);
	CHECK(result == (void *)0x123 && errno == 0 && t_local == 7 && s_destroyed == 5 && s_cleaned == 1);
	CHECK(pthread_key_delete(s_key) == 0 && pthread_getspecific(s_key) == NULL);
}

static pthread_once_t s_once = PTHREAD_ONCE_INIT;
static int s_once_runs;

static void once(void)
{
	s_once_runs++;
}

static int c11_thread(void *argument)
{
	mtx_t *mutex = argument;
	mtx_lock(mutex);
	mtx_unlock(mutex);
	pthread_once(&s_once, once);
	return 42;
}

static void c11_threads_and_once(void)
{
	thrd_t thread;
	mtx_t mutex;
	int result;
	mtx_init(&mutex, mtx_plain);
	mtx_lock(&mutex);
	CHECK(thrd_create(&thread, c11_thread, &mutex) == thrd_success);
	thrd_yield();
	mtx_unlock(&mutex);
	CHECK(thrd_join(thread, &result) == thrd_success && result == 42);
	pthread_once(&s_once, once);
	CHECK(s_once_runs == 1);
}

static void *print_lines(void *name)
{
	for (int i = 0; i < 3; i++) {
		flockfile(stdout);
		sched_yield();
		printf("  %s %d of 3\n", (const char *)name, i + 1);
		funlockfile(stdout);
	}
	return NULL;
}

static void stdio_from_two_threads(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, print_lines, "thread");
	pthread_join(thread, NULL);
	print_lines("main");
}

static void time_passes(void)
{
	struct timespec before, later, wait = { 0, 3000000 };
	CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
	CHECK(nanosleep(&wait, NULL) == 0);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &later) == 0);
	const int64_t ns = (later.tv_sec - before.tv_sec) * INT64_C(1000000000) + later.tv_nsec - before.tv_nsec;
	CHECK(ns >= 3000000);
	CHECK(time(NULL) > 1700000000);
	CHECK(clock_gettime(99, &before) == -1 && errno == EINVAL);
}

static void memory(void)
{
	for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
		void *pointer = aligned_alloc(alignment, alignment);
		CHECK(pointer && (uintptr_t)pointer % alignment == 0);
		free(pointer);
	}
	char *grown = malloc(10);
	strcpy(grown, "kept");
	grown = realloc(grown, 100000);
	CHECK(strcmp(grown, "kept") == 0);
	free(grown);
	const volatile size_t huge = SIZE_MAX / 2;
	CHECK(calloc(huge, 4) == NULL && errno == ENOMEM);
}

static void files(void)
{
	char line[32];
	struct stat stat_;
	FILE *file = fopen("/dir/lines.txt", "r");
	CHECK(file != NULL);
	if (!file)
		return;
	CHECK(fgets(line, sizeof line, file) && strcmp(line, "one\n") == 0);
	CHECK(fseek(file, -6, SEEK_END) == 0 && fgets(line, sizeof line, file) && strcmp(line, "three\n") == 0);
	CHECK(fgets(line, sizeof line, file) == NULL && feof(file));
	CHECK(fclose(file) == 0);
	CHECK(stat("/dir/../dir/./lines.txt", &stat_) == 0 && stat_.st_size == 14 && S_ISREG(stat_.st_mode));
	CHECK(stat("dir", &stat_) == 0 && S_ISDIR(stat_.st_mode));
	CHECK(fopen("/absent", "r") == NULL && errno == ENOENT);
	CHECK(close(77) == -1 && errno == EBADF);
	const int first = open("/dir/lines.txt", O_RDONLY), second = dup(first);
	CHECK(first == 3 && second == 4 && read(first, line, 4) == 4 && read(second, line, 4) == 4 && line[0] == 't');
	CHECK(write(first, "x", 1) == -1 && errno == EBADF);
	close(first);
	close(second);
}

static void at_exit(void)
{
	puts("at exit");
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} checks[] = {
		{ "every name is there", every_name_is_there },
		{ "threads and mutex", threads_and_mutex },
		{ "mutex types", mutex_types },
		{ "mutex protocols", mutex_protocols },
		{ "condition variable", condition_variable },
		{ "semaphore, barrier, rwlock", other_locks },
		{ "per-thread state", per_thread_state },
		{ "C11 threads and once", c11_threads_and_once },
		{ "stdio from two threads", stdio_from_two_threads },
		{ "time", time_passes },
		{ "signals", signals },
		{ "timers", timers },
		{ "cancellation", cancellation },
		{ "robust mutexes", robust_mutexes },
		{ "waits follow their clock", waits_follow_their_clock },
		{ "affinity", affinity },
#if POSIXTEST_FEATURE_PREEMPT
		{ "signal to a busy thread", signal_to_a_busy_thread },
		{ "cancel a busy thread", cancel_a_busy_thread },
		{ "state across preemption", state_across_preemption },
#endif
		{ "memory", memory },
		{ "files", files },
	};
	atexit(at_exit);
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		checks[i].run();
		printf("%s\n", checks[i].name);
	}
	return posixtest_failed;
}
