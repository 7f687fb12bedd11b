/* SPDX-License-Identifier: Apache-2.0 */
/* What each CPU must do for itself, such as forgetting translations. */
#pragma once

#include <axhal/cpu.h>
#include <axhal/smp.h>

#if AXHAL_FEATURE_SMP
#include <kernel_guard/kernel_guard.h>
#include "remote_call.h"
#endif

/** Have every CPU that runs call function(argument); returns when all have. Context as axhal_call_on(). */
static inline void on_every_cpu(void (*function)(void *argument), void *argument)
{
#if AXHAL_FEATURE_SMP
	axhal_call_on(axhal_cpus_online(), function, argument);
#else
	function(argument);
#endif
}

/** In a loop that waits for another CPU: do what is asked of this one, though interrupts may be masked. */
static inline void answer_calls(void)
{
#if AXHAL_FEATURE_SMP
	IRQ_GUARD();
	axhal_remote_calls_run();
#endif
	axhal_cpu_relax();
}
