/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What threads on several CPUs promise, and what is counted of them; on one CPU all of it holds as well. Each check
 * returns NULL when the behaviour that its name states holds, else what went wrong.
 */
#include <axhal/smp.h>
#include <axstd/axstd.h>

/* Fail the check that calls it. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return #condition;                                                         \
	} while (0)

enum { HOPS = 50, LONG_NS = 20000000 };

static uint64_t online(void)
{
	return axhal_cpus_online();
}

static const char *every_cpu_is_online(void)
{
	REQUIRE(axhal_cpus_present() == AXHAL_MAX_CPUS);
	REQUIRE((unsigned)__builtin_popcountll(online()) == AXHAL_MAX_CPUS);
	return NULL;
}

static void *hop(void *failed)
{
	ax_thread_t *self = axtask_current();
	for (unsigned i = 0; i < HOPS; i++) {
		unsigned cpu = i % AXHAL_MAX_CPUS;
		uint64_t only = UINT64_C(1) << cpu;
		bool moved = axtask_set_affinity(self, only) == AX_OK && axhal_cpu_id() == cpu &&
			     axtask_affinity(self) == only;
		if (i % 3 == 0)
			ax_thread_yield();
		if (i % 7 == 0)
			ax_sleep_ns(100000);
		if (!moved || axhal_cpu_id() != cpu)
			__atomic_store_n((bool *)failed, true, __ATOMIC_RELAXED);
	}
	return NULL;
}

static const char *a_thread_is_where_its_affinity_says(void)
{
	enum { HOPPERS = 6 };
	ax_thread_t *threads[HOPPERS];
	bool failed = false;
	REQUIRE(axtask_set_affinity(axtask_current(), 0) == AX_ERR_INVALID_INPUT);
	REQUIRE(axtask_set_affinity(axtask_current(), ~online()) == AX_ERR_INVALID_INPUT);
	for (int i = 0; i < HOPPERS; i++)
		REQUIRE(ax_thread_spawn(hop, &failed, &threads[i]) == AX_OK);
	for (int i = 0; i < HOPPERS; i++)
		REQUIRE(ax_thread_join(threads[i], NULL) == AX_OK);
	REQUIRE(!failed);
	return NULL;
}

static bool s_stop;

static void *note_cpu(void *cpu)
{
	__atomic_store_n((unsigned *)cpu, axhal_cpu_id(), __ATOMIC_RELAXED);
	return NULL;
}

static void *move_another(void *other)
{
	return (void *)(uintptr_t)axtask_set_affinity(other, UINT64_C(1) << (AXHAL_MAX_CPUS - 1));
}

/* Who waits can be moved by another; it comes to its new CPU when it is woken. */
static const char *a_waiting_thread_can_be_moved(void)
{
	static ax_semaphore_t s_go;
	ax_thread_t *mover;
	unsigned cpu = AXHAL_MAX_CPUS;
	void *error;
	ax_semaphore_init(&s_go, 0);
	REQUIRE(ax_thread_spawn(move_another, axtask_current(), &mover) == AX_OK);
	REQUIRE(ax_thread_join(mover, &error) == AX_OK && error == (void *)AX_OK);
	ax_sleep_ns(1000000);
	ax_thread_yield();
	note_cpu(&cpu);
	REQUIRE(axtask_set_affinity(axtask_current(), UINT64_MAX) == AX_OK);
	REQUIRE(cpu == AXHAL_MAX_CPUS - 1);
	return NULL;
}

/* They spin until all of them run at once: each CPU must take one, the creator's when it joins. */
static unsigned s_meeting;

static void *meet([[maybe_unused]] void *argument)
{
	__atomic_add_fetch(&s_meeting, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&s_meeting, __ATOMIC_RELAXED) < AXHAL_MAX_CPUS) {
		/* no yield */
	}
	return NULL;
}

static const char *threads_that_never_yield_spread_over_the_cpus(void)
{
	ax_thread_t *threads[AXHAL_MAX_CPUS];
	s_meeting = 0;
	for (size_t i = 0; i < AXHAL_MAX_CPUS; i++)
		REQUIRE(ax_thread_spawn(meet, NULL, &threads[i]) == AX_OK);
	for (size_t i = 0; i < AXHAL_MAX_CPUS; i++)
		REQUIRE(ax_thread_join(threads[i], NULL) == AX_OK);
	return NULL;
}

static void *yield_until_stopped(void *argument)
{
	while (!__atomic_load_n(&s_stop, __ATOMIC_RELAXED))
		ax_thread_yield();
	return argument;
}

/* Feature `stats`: what is counted, grows. */
static const char *what_threads_and_cpus_do_is_counted(void)
{
	ax_thread_t *thread, *self = axtask_current();
	axtask_thread_stats_t before = axtask_thread_stats(self);
	s_stop = false;
	REQUIRE(axtask_set_affinity(self, 1) == AX_OK);
	REQUIRE(ax_thread_spawn(yield_until_stopped, NULL, &thread) == AX_OK);
	for (int i = 0; i < 100; i++)
		ax_thread_yield();
	uint64_t start_ns = ax_now_ns();
	while (ax_now_ns() < start_ns + LONG_NS) {
		/* run time that must show */
	}
	axtask_thread_stats_t after = axtask_thread_stats(self), other = axtask_thread_stats(thread);
	axtask_cpu_stats_t cpu = axtask_cpu_stats(0);
	__atomic_store_n(&s_stop, true, __ATOMIC_RELAXED);
	REQUIRE(ax_thread_join(thread, NULL) == AX_OK);
	uint64_t idle_before_ns = axtask_cpu_stats(0).idle_ns;
	ax_sleep_ns(LONG_NS / 10);
	uint64_t idle_ns = axtask_cpu_stats(0).idle_ns - idle_before_ns;
	REQUIRE(axtask_set_affinity(self, UINT64_MAX) == AX_OK);
	REQUIRE(after.switches >= before.switches + 50 && other.switches >= 50);
	REQUIRE(after.run_ns > before.run_ns && other.run_ns > 0);
	REQUIRE(cpu.switches >= after.switches - before.switches);
	REQUIRE(idle_ns > 0);
	return NULL;
}

static const struct {
	const char *name;
	const char *(*check)(void);
} s_checks[] = {
#define CHECK(name) { #name, name }
	CHECK(every_cpu_is_online),
	CHECK(a_thread_is_where_its_affinity_says),
	CHECK(a_waiting_thread_can_be_moved),
	CHECK(threads_that_never_yield_spread_over_the_cpus),
	CHECK(what_threads_and_cpus_do_is_counted),
};

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	int failed = 0;
	for (size_t i = 0; i < ARRAY_SIZE(s_checks); i++) {
		const char *problem = s_checks[i].check();
		ax_print("%s: %s\n", s_checks[i].name, problem ? problem : "holds");
		failed += problem != NULL;
	}
	return failed;
}
