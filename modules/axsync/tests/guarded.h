/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests with several CPUs have in common: data that a lock guards, and CPUs that notify each other at random. */
#pragma once

#include "host_cpus.h"

enum { CPUS = 4, SHORT_NS = 30000 };

static atomic_uint s_wrong; /* things that must not happen; checks end a test only on its own thread */

static void require(bool condition)
{
	if (!condition)
		s_wrong++;
}

/* Not atomic: the sanitizer sees whether the locks order it. */
static struct {
	uint64_t count, copy;
} s_data;

static void change_data(void)
{
	require(s_data.count == s_data.copy);
	s_data.count++;
	host_dawdle();
	s_data.copy++;
}

static void notify_somebody(unsigned cpu)
{
	if (host_random(4) == 0)
		host_notify((cpu + 1) % CPUS);
	else if (host_random(8) == 0)
		(void)axtask_take_notice();
}
