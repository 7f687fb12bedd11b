/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt vectors: after the exceptions, in the order of axhal's interrupt numbers. */
#pragma once

#include <axhal/features.h>

#define IRQ_DEVICES      64 /* numbers below AXHAL_IRQ_TIMER */
#if AXHAL_FEATURE_SMP
#define IRQ_LOCAL        3  /* the timer's; other CPUs': AXHAL_IRQ_WAKE and IRQ_CALL */
#else
#define IRQ_LOCAL        1  /* the timer's */
#endif
#define IRQ_CALL         (IRQ_DEVICES + 2) /* this CPU is asked to run axhal_remote_calls_run() */
#define IRQ_VECTOR_FIRST 32
#define IRQ_VECTOR_TIMER (IRQ_VECTOR_FIRST + IRQ_DEVICES)
#define IRQ_VECTOR_SPURIOUS (IRQ_VECTOR_FIRST + IRQ_DEVICES + IRQ_LOCAL)
#define IRQ_VECTORS      (IRQ_DEVICES + IRQ_LOCAL + 1)
