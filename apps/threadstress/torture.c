/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers share a few slots, each with an object in it. A worker takes a reference, uses the object, and lets go of
 * it; now and then it puts a new object in place of the old one, which the last to let go destroys. What is destroyed
 * stays as it is for a while: who writes to it later is found out.
 */
#include "objects.h"

#include <axtask/inherit.h>

enum { DESTROYED = 0x5a };

static struct slot {
	ax_mutex_t lock;
	object_t *object; /* under lock; the slot has a reference of its own */
} s_slots[SLOTS];

static worker_t s_workers[WORKERS];
static ax_thread_t *s_threads[WORKERS];
static ax_barrier_t s_all_here;
static _Atomic uint64_t s_made, s_destroyed, s_changes; /* the last: of what is destroyed */
static uint64_t s_rounds, s_end_ns;

static object_t *make(worker_t *worker)
{
	object_t *object = ax_alloc(sizeof *object);
	if (!object)
		return NULL;
	*object = (object_t){ .kind = kind_of(random_below(&worker->random, 256)), .references = 1 };
	object->kind->init(object);
	s_made++;
	return object;
}

static void release(object_t *object)
{
	bool untouched = true;
	for (size_t i = 0; i < sizeof *object; i++)
		untouched &= ((unsigned char *)object)[i] == DESTROYED;
	MUST(untouched);
	ax_free(object);
}

/* Nobody has it any more. */
static void destroy(object_t *object, worker_t *worker)
{
	for (size_t i = 0; i < sizeof *object; i++)
		((unsigned char *)object)[i] = DESTROYED;
	object_t **place = &worker->quarantine[worker->next++ % QUARANTINE];
	if (*place)
		release(*place);
	*place = object;
	s_destroyed++;
}

static object_t *refer(struct slot *slot)
{
	AX_MUTEX_GUARD(&slot->lock);
	slot->object->references++;
	return slot->object;
}

static void dawdle(worker_t *worker)
{
	switch (random_below(&worker->random, 64)) {
	case 0:
		ax_sleep_ns(random_below(&worker->random, 50000));
		break;
	case 1 ... 8:
		ax_thread_yield();
		break;
	default:
		break;
	}
}

/* The caller holds it alone. */
static void change(object_t *object, worker_t *worker)
{
	MUST(object->count == object->copy);
	object->count++;
	worker->changes++;
	dawdle(worker);
	object->copy++;
}

static void let_go(object_t *object, worker_t *worker)
{
	MUST(object->kind->take(object, worker, true));
	change(object, worker);
	const bool last = --object->references == 0;
	if (last)
		s_changes += object->count;
	object->kind->give(object, worker);
	if (last)
		destroy(object, worker);
}

static void use(struct slot *slot, worker_t *worker)
{
	object_t *object = refer(slot);
	for (uint32_t uses = random_below(&worker->random, 3); uses; uses--) {
		if (object->kind->look && random_below(&worker->random, 2)) {
			object->kind->look(object, worker);
		} else if (object->kind->take(object, worker, false)) {
			change(object, worker);
			object->kind->give(object, worker);
		}
	}
	let_go(object, worker);
}

static void renew(struct slot *slot, worker_t *worker)
{
	object_t *new = make(worker), *old;
	if (!new)
		return;
	{
		AX_MUTEX_GUARD(&slot->lock);
		old = slot->object;
		slot->object = new;
	}
	let_go(old, worker);
}

static void *do_nothing(void *argument)
{
	return argument;
}

/* What else may happen to a thread. */
static void disturb(worker_t *worker)
{
	ax_thread_t *thread;
	switch (random_below(&worker->random, 8)) {
	case 0: {
		const uint64_t cpus = axtask_affinity(axtask_current());
		MUST(axtask_set_affinity(axtask_current(), UINT64_C(1) << random_below(&worker->random, 64) | 1) == AX_OK);
		MUST(axtask_set_affinity(axtask_current(), random_below(&worker->random, 4) ? UINT64_MAX : cpus) == AX_OK);
		break;
	}
	case 1:
		if (ax_thread_spawn(do_nothing, NULL, &thread) == AX_OK)
			MUST(ax_thread_join(thread, NULL) == AX_OK);
		break;
	case 2: {
		const unsigned level = random_below(&worker->random, AXTASK_LEVELS);
		const ax_err_t error = axtask_set_level(axtask_current(), level, !level || random_below(&worker->random, 2));
		MUST(error == AX_OK || (error == AX_ERR_NOT_SUPPORTED && AXTASK_LEVELS == 1));
		break;
	}
	default:
		axtask_notify(s_threads[random_below(&worker->random, WORKERS)]);
	}
}

/* Nobody waits for anything that the caller has. */
static bool has_its_own_level(void)
{
#if AXTASK_FEATURE_INHERIT
	unsigned level;
	bool sliced;
	axtask_level(axtask_current(), &level, &sliced);
	return axtask_running_level(axtask_current()) == level;
#else
	return true;
#endif
}

static void *work(void *argument)
{
	worker_t *worker = argument;
	ax_barrier_wait(&s_all_here); /* who is notified lives */
	for (uint64_t round = 0; round < s_rounds || ax_now_ns() < s_end_ns; round++) {
		struct slot *slot = &s_slots[random_below(&worker->random, SLOTS)];
		if (random_below(&worker->random, 16) == 0)
			renew(slot, worker);
		else
			use(slot, worker);
		if (random_below(&worker->random, 8) == 0)
			disturb(worker);
	}
	ax_barrier_wait(&s_all_here);
	MUST(has_its_own_level());
	for (size_t i = 0; i < QUARANTINE; i++) {
		if (worker->quarantine[i])
			release(worker->quarantine[i]);
	}
	return NULL;
}

static void empty_slots(worker_t *worker)
{
	for (size_t i = 0; i < SLOTS; i++) {
		if (s_slots[i].object)
			let_go(s_slots[i].object, worker);
	}
}

bool torture_locks(const stress_t *stress)
{
	static worker_t s_main;
	const uint64_t failed_before = failures();
	s_main.random = random_start(stress->seed, WORKERS);
	for (size_t i = 0; i < SLOTS; i++)
		MUST((s_slots[i].object = make(&s_main)));
	s_rounds = stress->rounds;
	s_end_ns = stress->seconds ? ax_now_ns() + stress->seconds * UINT64_C(1000000000) : 0;
	MUST(ax_barrier_init(&s_all_here, WORKERS + 1) == AX_OK);
	for (unsigned i = 0; i < WORKERS; i++) {
		s_workers[i].random = random_start(stress->seed, i);
		MUST(ax_thread_spawn(work, &s_workers[i], &s_threads[i]) == AX_OK);
	}
	if (failures() > failed_before) /* out of memory: the others wait for ever */
		return false;
	ax_barrier_wait(&s_all_here);
	ax_barrier_wait(&s_all_here);
	uint64_t changes = 0;
	for (unsigned i = 0; i < WORKERS; i++) {
		MUST(ax_thread_join(s_threads[i], NULL) == AX_OK);
		changes += s_workers[i].changes;
	}
	empty_slots(&s_main);
	MUST(s_changes == changes + s_main.changes);
	MUST(s_destroyed == s_made);
	const bool holds = failures() == failed_before;
	ax_print("%llu locks taken by %d threads, %llu objects destroyed: %s\n", (unsigned long long)s_changes, WORKERS,
		 (unsigned long long)s_destroyed, holds ? "holds" : "does not hold");
	return holds;
}
