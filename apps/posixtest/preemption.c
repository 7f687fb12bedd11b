/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that never yield compute the same over and over, each in a rounding mode of its own, until they have been
 * interrupted in the middle often enough: SSE and x87 registers, both control words, integer registers and
 * thread-local variables must be as they were, or a result differs from the one computed alone.
 */
#include "posixtest.h"

#include <fenv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { THREADS = 8, MODES = 4, INTERRUPTIONS = 60, STEPS = 20000 };

static const int s_modes[MODES] = { FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO };

typedef struct result {
	double sum, product;
	long double extended;
	uint64_t integers;
	uint64_t local;
} result_t;

static result_t s_alone[MODES];
static atomic_int s_running = -1; /* who computed last */
static atomic_int s_interruptions;
static _Thread_local uint64_t t_local;

static void note_interruption(int self)
{
	int last = atomic_load_explicit(&s_running, memory_order_relaxed);
	if (last == self)
		return;
	atomic_store_explicit(&s_running, self, memory_order_relaxed);
	if (last >= 0)
		atomic_fetch_add_explicit(&s_interruptions, 1, memory_order_relaxed);
}

__attribute__((noinline)) static result_t compute(int self)
{
	double a = 1 + self % MODES, b = 0.1, c = 1;
	long double x = 0.3L;
	uint64_t i = (uint64_t)(self % MODES), j = 7;
	t_local = 0;
	for (int step = 1; step <= STEPS; step++) {
		a += b / step, b = b * 1.0000001 + 1e-3, c *= 1.00001;
		x = x * 1.0000001L + 0.1L / step;
		i += j * 3, j ^= i >> 7;
		t_local += i ^ (uint64_t)step;
		note_interruption(self);
	}
	return (result_t){ a + b, c, x, i ^ j, t_local };
}

static bool equal(const result_t *a, const result_t *b)
{
	return a->sum == b->sum && a->product == b->product && a->extended == b->extended &&
	       a->integers == b->integers && a->local == b->local;
}

static void *compute_often(void *number)
{
	const int self = (int)(intptr_t)number;
	bool same = true;
	fesetround(s_modes[self % MODES]);
	do {
		const result_t result = compute(self);
		same = same && equal(&result, &s_alone[self % MODES]) && fegetround() == s_modes[self % MODES];
	} while (atomic_load(&s_interruptions) < INTERRUPTIONS);
	CHECK(same);
	return NULL;
}

void state_across_preemption(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < MODES; i++) {
		fesetround(s_modes[i]);
		s_alone[i] = compute(i);
	}
	fesetround(FE_TONEAREST);
	for (int i = 1; i < MODES; i++) /* else the modes would prove nothing */
		CHECK(s_alone[i].sum != s_alone[0].sum);
	s_running = -1;
	s_interruptions = 0;
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, compute_often, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(fegetround() == FE_TONEAREST);
}
