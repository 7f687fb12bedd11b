/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of what threads on several CPUs do: each thread of the host plays a CPU with one thread of ours on it. The wait
 * queues are axtask's own; of what they stand on, a switch away is a wait for a semaphore of the host, and deadlines
 * are its time-outs. Memory that is used after it was freed, or changed without order, is the thread sanitizer's to find.
 */
#pragma once

#include <axtest.h>
#include <axtask/axtask.h>

enum { HOST_CPUS_MAX = 16 };

/** Run body(cpu, argument) on @p cpus CPUs at once, and wait for all. */
void host_run(unsigned cpus, void (*body)(unsigned cpu, void *argument), void *argument);

/** A number below @p limit, of this CPU's own sequence. */
uint32_t host_random(uint32_t limit);

/** Now and then let others run first: where it stands, time may pass. */
void host_dawdle(void);

/** A deadline soon: within @p limit_ns. */
uint64_t host_soon(uint32_t limit_ns);

/** Notify the thread of a CPU that takes part in host_run(). */
void host_notify(unsigned cpu);
