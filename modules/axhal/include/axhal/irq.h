/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of devices and of the timer. Feature `irq`. Masking them on this CPU is element kernel_guard's. */
#pragma once

#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>

#pragma GCC visibility push(default)

/** The timer of the CPU; device interrupts have the platform's numbers below it. */
#define AXHAL_IRQ_TIMER 64u

/** What axhal_cpu_wake() raises on another CPU. It may have a handler, and ends axhal_wait_for_irq() with or without. */
#define AXHAL_IRQ_WAKE 65u

/** Of a Linux process: what axhal_host_interrupt() asked for. */
#define AXHAL_IRQ_HOST 66u

typedef void axhal_irq_handler_t(void *argument);

/**
 * Call @p handler(argument) at each interrupt @p irq, with interrupts masked and preemption disabled; the device's
 * line is unmasked. A rescheduling that the handler asks for happens when it has returned.
 * @retval AX_ERR_OUT_OF_RANGE    no such interrupt
 * @retval AX_ERR_ALREADY_EXISTS  it has a handler
 */
ax_err_t axhal_irq_register(unsigned irq, axhal_irq_handler_t *handler, void *argument);

/** An interrupt that a device raises by a write of @p data to @p address_paddr (PCI MSI and MSI-X). */
typedef struct axhal_irq_message {
	unsigned irq; /* for axhal_irq_register() */
	paddr_t address_paddr;
	uint32_t data;
} axhal_irq_message_t;

/**
 * Take a message-signalled interrupt, for good. Machines with such interrupts only; on those with a device tree at boot, by one thread.
 * @retval AX_ERR_NO_SPACE  all are taken
 */
ax_err_t axhal_irq_take_message(axhal_irq_message_t *message);

/** Wait for an interrupt. Called with interrupts masked; one that is pending or comes ends the wait; returns with
 *  interrupts unmasked, the interrupt handled. May return early. */
void axhal_wait_for_irq(void);

#pragma GCC visibility pop
