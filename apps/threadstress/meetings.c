/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A meeting has a once, a manual-reset event and a barrier. All come, one opens, all go through, and the first to leave
 * the barrier destroys them all, while others may not have left yet.
 */
#include "threadstress.h"

enum { PEOPLE = 4 };

typedef struct meeting {
	ax_once_t once;
	ax_event_t opened;
	ax_barrier_t end;
	_Atomic uint64_t said; /* by who opens, before it does */
} meeting_t;

static ax_barrier_t s_door;
static meeting_t *s_meeting; /* made by the last through the door; NULL: no more */
static _Atomic uint64_t s_held, s_introductions, s_left;
static uint64_t s_rounds, s_end_ns;

static void introduce(void)
{
	s_introductions++;
}

static meeting_t *call_meeting(void)
{
	meeting_t *meeting = s_held < s_rounds || ax_now_ns() < s_end_ns ? ax_alloc(sizeof *meeting) : NULL;
	if (!meeting)
		return NULL;
	*meeting = (meeting_t){ .said = 0 };
	ax_event_init(&meeting->opened, false);
	MUST(ax_barrier_init(&meeting->end, PEOPLE) == AX_OK);
	s_held++;
	return meeting;
}

static void attend(meeting_t *meeting, uint64_t *random)
{
	ax_once(&meeting->once, introduce);
	MUST(s_introductions == s_held);
	if (random_below(random, PEOPLE) == 0 || ax_event_wait_until(&meeting->opened, ax_now_ns() + 100000) != AX_OK) {
		meeting->said = s_held;
		ax_event_set(&meeting->opened);
	}
	ax_event_wait(&meeting->opened);
	MUST(meeting->said == s_held);
	ax_barrier_wait(&meeting->end);
	if (s_left++ % PEOPLE == 0) {
		for (size_t i = 0; i < sizeof *meeting; i++)
			((unsigned char *)meeting)[i] = 0x5a;
		ax_free(meeting);
	}
}

static void *meet(void *random)
{
	for (;;) {
		if (ax_barrier_wait(&s_door))
			s_meeting = call_meeting();
		ax_barrier_wait(&s_door);
		meeting_t *meeting = s_meeting;
		if (!meeting)
			return NULL;
		attend(meeting, random);
	}
}

bool hold_meetings(const stress_t *stress)
{
	const uint64_t failed_before = failures();
	ax_thread_t *threads[PEOPLE];
	uint64_t random[PEOPLE];
	s_rounds = stress->rounds;
	s_end_ns = stress->seconds ? ax_now_ns() + stress->seconds * UINT64_C(1000000000) / 4 : 0;
	MUST(ax_barrier_init(&s_door, PEOPLE) == AX_OK);
	for (size_t i = 0; i < PEOPLE; i++) {
		random[i] = random_start(stress->seed, 32 + i);
		MUST(ax_thread_spawn(meet, &random[i], &threads[i]) == AX_OK);
	}
	if (failures() > failed_before) /* out of memory: the others wait for ever */
		return false;
	for (size_t i = 0; i < PEOPLE; i++)
		MUST(ax_thread_join(threads[i], NULL) == AX_OK);
	MUST(s_introductions == s_held && s_left == s_held * PEOPLE && s_held >= s_rounds);
	const bool holds = failures() == failed_before;
	ax_print("%llu meetings of %d: %s\n", (unsigned long long)s_held, PEOPLE, holds ? "holds" : "does not hold");
	return holds;
}
