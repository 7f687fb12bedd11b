/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of a machine with a device tree: handlers by number, over the controller that irq_chip.h is. */
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <axhal/irq.h>
#include <handler_table/handler_table.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/spinlock.h>
#include "cpu_setup.h"
#include "device_tree.h"
#include "irq_chip.h"
#include "irq_exit.h"

#if AXHAL_FEATURE_SMP
#define IRQ_END (IRQ_CALL + 1)
#else
#define IRQ_END (AXHAL_IRQ_TIMER + 1)
#endif

HANDLER_TABLE_DEFINE(s_handlers, IRQ_END);

/* Registering handlers, and the controller's registers of lines; interrupts masked. */
static raw_spinlock_t s_lock = RAW_SPINLOCK_INIT;

void axhal_interrupt(void)
{
	kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	preempt_disable();
	axhal_irq_chip_dispatch();
	preempt_enable_no_resched();
	irq_exit_resched();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
}

void axhal_irq_handle(unsigned irq)
{
	handler_table_call(&s_handlers, irq);
}

void axhal_irq_init(void)
{
	axhal_irq_chip_init();
	axhal_irq_chip_init_cpu(0);
	axhal_console_enable_interrupt();
}

ax_err_t axhal_irq_register(unsigned irq, axhal_irq_handler_t *handler, void *argument)
{
	IRQ_GUARD();
	SPIN_GUARD_RAW(&s_lock);
	bool is_line = irq < AXHAL_IRQ_TIMER && axhal_irq_chip_has(irq);
	if (!is_line && (irq < AXHAL_IRQ_TIMER || irq >= IRQ_END))
		return AX_ERR_OUT_OF_RANGE;
	ax_err_t error = handler_table_register(&s_handlers, irq, handler, argument);
	if (error == AX_OK && is_line)
		axhal_irq_chip_enable(irq);
	return error;
}
