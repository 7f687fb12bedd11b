/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways into a mutex and out of it:
 *
 *	take_unused(mutex, self)	takes it if it is free and nobody waits or was woken for it, or is free at least
 *	take_free(mutex, self)		takes it if it is free
 *	lock_used(mutex, self, deadline_ns, interruptible)	takes it, and waits for that
 *	release_unused(mutex, self)	releases it if nobody waits
 *	unlock_used(mutex)		releases it
 */
#pragma once

#include <axsync/features.h>

#if AXSYNC_FEATURE_SMP
#include "mutex_smp.h"
#else
#include "mutex_single.h"
#endif
