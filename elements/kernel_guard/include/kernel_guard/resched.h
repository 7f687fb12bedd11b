/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Glue: who switches threads when preemption becomes possible again. Feature `preempt`. Provider: the thread system.
 */
#pragma once

#pragma GCC visibility push(default)

/**
 * Reschedule this CPU: clear kernel_guard_need_resched, then switch if another thread should run. Called by
 * preempt_enable() with preemption enabled, interrupts unmasked and a reschedule due; returns when the calling
 * thread runs again.
 */
void kernel_guard_resched(void);

#pragma GCC visibility pop
