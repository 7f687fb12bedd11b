/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crews: see bench.h. Who waits for the start yields, since there may be fewer CPUs than threads. Before the clock
 * starts, number 0 asks all to answer, until the answers come soon: then no CPU is one that the host has taken away.
 */
#include "bench.h"

atomic_bool crew_stopped;

static crew_member_t s_members[CREW_MAX];
static const crew_t *s_crew;
enum { SOON_CYCLES = 20000, QUESTIONS_MAX = 1000 };

static atomic_uint s_ready, s_answered, s_ended; /* members */
static atomic_uint s_question;
static atomic_bool s_gone, s_unpinned;
static axbench_time_t s_start, s_took;

static void wait_for_start(crew_member_t *self, unsigned members)
{
	atomic_fetch_add(&s_ready, 1);
	if (self->number > 0) {
		for (unsigned answered = 0; !atomic_load(&s_gone); bench_yield()) {
			unsigned question = atomic_load(&s_question);
			if (question != answered)
				atomic_fetch_add(&s_answered, 1);
			answered = question;
		}
		return;
	}
	while (atomic_load(&s_ready) < members)
		bench_yield();
	for (unsigned question = 1; question <= QUESTIONS_MAX; question++) {
		uint64_t asked = axbench_cycles();
		atomic_store(&s_answered, 0);
		atomic_store(&s_question, question);
		while (atomic_load(&s_answered) < members - 1)
			bench_yield();
		if (axbench_cycles() - asked < SOON_CYCLES)
			break;
	}
	s_start = axbench_begin();
	atomic_store(&s_gone, true);
}

static void *work(void *argument)
{
	crew_member_t *self = argument;
	unsigned members = s_crew->cpus * s_crew->per_cpu;
	if (s_crew->pinned && !bench_pin(self->cpu))
		s_unpinned = true;
	wait_for_start(self, members);
	s_crew->loop(self);
	bool last = atomic_fetch_add(&s_ended, 1) == members - 1;
	if (s_crew->all ? last : self->number == 0) {
		s_took = axbench_stop(s_start);
		atomic_store(&crew_stopped, true);
	}
	return NULL;
}

uint64_t crew_run(const crew_t *crew, uint64_t rounds, axbench_time_t *took)
{
	unsigned members = crew->cpus * crew->per_cpu, made = 0;
	s_crew = crew;
	s_ready = s_answered = s_ended = s_question = 0;
	s_gone = crew_stopped = false;
	for (; made < members && made < CREW_MAX; made++) {
		crew_member_t *member = &s_members[made];
		bool limited = crew->all || made == 0;
		*member = (crew_member_t){ .number = made, .cpu = made / crew->per_cpu,
					   .rounds = limited ? rounds : UINT64_MAX };
		if (!bench_spawn(&member->thread, work, member))
			return 0; /* the others wait for it for ever; the program ends */
	}
	uint64_t done = 0;
	for (unsigned i = 0; i < made; i++) {
		if (!bench_join(s_members[i].thread))
			return 0;
		done += s_members[i].done;
	}
	if (s_unpinned)
		axbench_note("unpinned", crew->cpus); /* what follows says little about CPUs */
	*took = s_took;
	return done;
}
