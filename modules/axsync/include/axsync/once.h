/* SPDX-License-Identifier: Apache-2.0 */
/* Once: whoever comes first runs the function, the others wait for its end. Zero bytes: not yet run. */
#pragma once

#include <axtask/wait_queue.h>
#include <base/base.h>
#include <stdatomic.h>

#pragma GCC visibility push(default)

enum { AX_ONCE_NOT_YET, AX_ONCE_RUNNING, AX_ONCE_DONE };

typedef struct ax_once {
	_Atomic uint32_t state; /* changes under waiters.lock */
	ax_wait_queue_t waiters;
} ax_once_t;

void ax_once_slow(ax_once_t *once, void (*function)(void));

/** After it returns, @p function has run, once for this object. Thread context. */
static inline void ax_once(ax_once_t *once, void (*function)(void))
{
	if (unlikely(atomic_load_explicit(&once->state, memory_order_acquire) != AX_ONCE_DONE))
		ax_once_slow(once, function);
}

#pragma GCC visibility pop
