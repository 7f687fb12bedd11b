/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt vectors: after the exceptions, in the order of axhal's interrupt numbers. */
#pragma once

#define IRQ_DEVICES      64 /* numbers below AXHAL_IRQ_TIMER */
#define IRQ_VECTOR_FIRST 32
#define IRQ_VECTOR_TIMER (IRQ_VECTOR_FIRST + IRQ_DEVICES)
#define IRQ_VECTOR_SPURIOUS (IRQ_VECTOR_TIMER + 1)
#define IRQ_VECTORS      (IRQ_DEVICES + 2)
