/* SPDX-License-Identifier: Apache-2.0 */
/* For the policies that know no fixed priorities: all threads are of level 0. Interface: scheduler.h. */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>

#define SCHED_LEVELS 1

struct sched_entity;

static inline ax_err_t sched_set_level([[maybe_unused]] struct sched_entity *e, unsigned level, bool sliced)
{
	return level == 0 && sliced ? AX_OK : AX_ERR_NOT_SUPPORTED;
}

static inline void sched_level([[maybe_unused]] const struct sched_entity *e, unsigned *level, bool *sliced)
{
	*level = 0;
	*sliced = true;
}
