/* SPDX-License-Identifier: Apache-2.0 */
/* After axhal_stop_others(): who is to stop, and who is the last to run. Without feature `smp` nobody and everybody. */
#pragma once

#include <axhal/features.h>
#include <stdbool.h>

#if AXHAL_FEATURE_SMP

#include <stdint.h>

/** Halt the CPUs of the set, those too that have interrupts masked. Each bare machine has its own way. Any context. */
void axhal_cpus_stop(uint64_t cpus);

/** Another CPU has stopped this one: it halts at the next non-maskable interrupt, which is under way. */
bool axhal_is_to_stop(void);

/** This CPU has stopped all others: a lock that is held now stays held for ever, and protects from nobody. */
bool axhal_is_last_cpu(void);

#else

static inline bool axhal_is_to_stop(void)
{
	return false;
}

static inline bool axhal_is_last_cpu(void)
{
	return true;
}

#endif
