/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Something that only one thread may hold, behind a lock of one of the kinds, and what each kind does. It is given up under
 * its own lock: the last to have a reference destroys it as soon as it has let go, when others may still be on their way
 * out of the call by which they let go before.
 */
#pragma once

#include "threadstress.h"

enum { WORKERS = 12, SLOTS = 10, QUARANTINE = 32 };

typedef struct object {
	const struct kind *kind;
	_Atomic unsigned references;
	uint64_t count, copy; /* changed by who holds it alone */
	union {
		ax_mutex_t mutex;
		ax_recursive_mutex_t recursive;
		ax_checked_mutex_t checked;
		ax_semaphore_t semaphore;
		ax_event_t event;
		ax_rwlock_t rwlock;
		struct {
			ax_mutex_t mutex;
			ax_condvar_t left;
			bool taken;
		} monitor;
	};
} object_t;

typedef struct worker {
	unsigned number;
	uint64_t random;
	uint64_t changes;                   /* that it has made to objects */
	unsigned depth;                     /* of the recursive mutex that it holds */
	object_t *quarantine[QUARANTINE];   /* destroyed, and to stay as they are for a while */
	unsigned next;
} worker_t;

typedef struct kind {
	const char *name;
	void (*init)(object_t *object);
	/** Take it alone. @param surely  not giving up. @return whether it was taken */
	bool (*take)(object_t *object, worker_t *worker, bool surely);
	void (*give)(object_t *object, worker_t *worker);
	/** NULL, or look at it while others may do so too. */
	void (*look)(object_t *object, worker_t *worker);
} kind_t;

/** One of them, by a number. */
const kind_t *kind_of(uint32_t number);
