/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Glue: who switches threads when preemption becomes possible again. Feature `preempt`. Provider: the thread system.
 */
#pragma once

#pragma GCC visibility push(default)

/**
 * Reschedule this CPU: clear kernel_guard_need_resched, then switch if another thread should run. Called with preemption
 * enabled and a reschedule due: by preempt_enable() with interrupts unmasked, and by who leaves an interrupt with
 * interrupts masked; they are so again on return. Returns when the calling thread runs again.
 */
void kernel_guard_resched(void);

#pragma GCC visibility pop
