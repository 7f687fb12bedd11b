/* SPDX-License-Identifier: Apache-2.0 */
/* What priority inheritance needs of a thread (inherit.c); without feature `inherit` all of it is nothing. */
#pragma once

#include <axtask/axtask.h>
#include <scheduler/scheduler.h>

#if AXTASK_FEATURE_INHERIT

typedef struct axtask_inherit {
	unsigned level;              /* the thread's own; this and what follows: inherit.c's lock */
	ax_thread_t *owner;          /* of what it waits for, to whom it lends its level; NULL: to nobody */
	ax_thread_t *lenders;        /* who lend to it; linked by next and link */
	ax_thread_t *next, **link;   /* in its owner's list */
	uint16_t ceilings[AXTASK_LEVELS]; /* how often it has entered each */
} axtask_inherit_t;

/** The thread's own level is @p level, which is one, from now on. */
void axtask_inherit_set_level(ax_thread_t *thread, unsigned level);

/** The thread is about to be released: whoever still lends to it does not any more. */
void axtask_inherit_end(ax_thread_t *thread);

#else

typedef struct axtask_inherit {
} axtask_inherit_t;

static inline void axtask_inherit_set_level([[maybe_unused]] ax_thread_t *thread, [[maybe_unused]] unsigned level)
{
}

static inline void axtask_inherit_end([[maybe_unused]] ax_thread_t *thread)
{
}

#endif
