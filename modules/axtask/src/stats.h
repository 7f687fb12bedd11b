/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of threads and CPUs. Feature `stats`; without it nothing is counted and nothing compiled. */
#pragma once

#include <axtask/axtask.h>
#include <axtask/features.h>

#if AXTASK_FEATURE_STATS

typedef axtask_thread_stats_t axtask_stats_t;
typedef axtask_cpu_stats_t axtask_counts_t;

#define AXTASK_COUNT(counter, by) ((void)((counter) += (by)))

#else

typedef struct axtask_stats {
} axtask_stats_t;

typedef struct axtask_counts {
} axtask_counts_t;

#define AXTASK_COUNT(counter, by) ((void)(by))

#endif
