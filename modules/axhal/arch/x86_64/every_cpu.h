/* SPDX-License-Identifier: Apache-2.0 */
/* What each CPU must do for itself, such as forgetting translations. */
#pragma once

#include <axhal/smp.h>

/** Have every CPU that runs call function(argument); returns when all have. Context as axhal_call_on(). */
static inline void on_every_cpu(void (*function)(void *argument), void *argument)
{
#if AXHAL_FEATURE_SMP
	axhal_call_on(axhal_cpus_online(), function, argument);
#else
	function(argument);
#endif
}
