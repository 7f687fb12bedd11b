/* SPDX-License-Identifier: Apache-2.0 */
/* What the interrupt controllers of machines with a device tree fill. Interrupt numbers are axhal/irq.h's. Feature `irq`. */
#pragma once

#include <axhal/irq.h>
#include <device_tree/device_tree.h>
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

/**
 * A message of @p controller, a node of the device tree: see axhal_irq_take_message().
 * @return false: it takes none that is known here, or all are taken. Boot, one thread
 */
bool axhal_irq_chip_take_message(const device_tree_node_t *controller, axhal_irq_message_t *message);

/** Raise interrupt AXHAL_IRQ_WAKE or IRQ_CALL on @p cpu. Feature `smp`. Any context. */
void axhal_irq_chip_send(unsigned cpu, unsigned irq);

/** By the entry of interrupts: axhal_irq_handle() for each that is pending. */
void axhal_irq_chip_dispatch(void);

/** Other CPUs: this one is asked to run axhal_remote_calls_run(). */
#define IRQ_CALL (AXHAL_IRQ_WAKE + 1)

/** Call the handler. Interrupts masked, preemption disabled. */
void axhal_irq_handle(unsigned irq);
