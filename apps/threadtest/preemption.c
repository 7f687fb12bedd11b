/* SPDX-License-Identifier: Apache-2.0 */
/* What only preemptive schedulers promise: nobody needs to yield. */
#include "threadtest.h"

static _Atomic bool s_stop;
static _Atomic uint64_t s_spins[2];

static void *spin(void *number)
{
	while (!s_stop)
		s_spins[(uintptr_t)number]++;
	return NULL;
}

const char *a_spinning_thread_does_not_starve_others(void)
{
	ax_thread_t *threads[2];
	s_stop = false;
	for (uintptr_t i = 0; i < 2; i++)
		REQUIRE(ax_thread_spawn(spin, (void *)i, &threads[i]) == AX_OK);
	while (s_spins[0] == 0 || s_spins[1] == 0) {
		/* no yield here either */
	}
	s_stop = true;
	for (int i = 0; i < 2; i++)
		REQUIRE(ax_thread_join(threads[i], NULL) == AX_OK);
	return NULL;
}

/* A checksum that lives in registers; a switch that loses one of them gives another result. */
static uint64_t checksum(uint64_t seed)
{
	uint64_t a = seed, b = seed ^ 1, c = seed ^ 2, d = seed ^ 3, e = seed ^ 4, f = seed ^ 5;
	for (int i = 0; i < 3000000; i++) {
		a += b * 3, b ^= c >> 7, c += d * 5, d ^= e << 3, e += f * 7, f ^= a >> 11;
		__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
	}
	return a ^ b ^ c ^ d ^ e ^ f;
}

static uint64_t s_results[4];

static void *compute(void *number)
{
	s_results[(uintptr_t)number] = checksum((uintptr_t)number % 2);
	return NULL;
}

const char *a_preempted_thread_keeps_its_registers(void)
{
	REQUIRE(run_threads(4, compute));
	REQUIRE(s_results[0] == s_results[2] && s_results[1] == s_results[3]);
	REQUIRE(s_results[0] == checksum(0));
	return NULL;
}
