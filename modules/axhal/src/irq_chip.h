/* SPDX-License-Identifier: Apache-2.0 */
/* What the interrupt controllers of machines with a device tree fill. Interrupt numbers are axhal/irq.h's. Feature `irq`. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** The boot CPU's, all device lines masked; then each CPU's own. Interrupts masked. Panics without a controller. */
void axhal_irq_chip_init(void);
void axhal_irq_chip_init_cpu(unsigned cpu);

/** Whether device line @p irq exists, and letting it through to the boot CPU. Serialized by the caller. */
bool axhal_irq_chip_has(unsigned irq);
void axhal_irq_chip_enable(unsigned irq);

/** The device line of the interrupt specifier @p cells of a device tree's node; UINT32_MAX if it is none. */
unsigned axhal_irq_chip_line(const uint32_t *cells, unsigned count);

/** Raise interrupt AXHAL_IRQ_WAKE or IRQ_CALL on @p cpu. Feature `smp`. Any context. */
void axhal_irq_chip_send(unsigned cpu, unsigned irq);

/** By the entry of interrupts: axhal_irq_handle() for each that is pending. */
void axhal_irq_chip_dispatch(void);

/** Other CPUs: this one is asked to run axhal_remote_calls_run(). */
#define IRQ_CALL (AXHAL_IRQ_WAKE + 1)

/** Call the handler. Interrupts masked, preemption disabled. */
void axhal_irq_handle(unsigned irq);
