/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of the Raspberry Pi 2 and 3. Device lines are the peripherals' 64, as the device tree numbers them
 * (bindings/interrupt-controller/brcm,bcm2835-armctrl-ic.txt), to the core that boots, 0; the timer is the virtual one; other
 * CPUs write mailbox 0, and to stop a CPU mailbox 1, whose interrupt is an FIQ, which nobody masks. Feature `bcm2836`.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <bcm2836_irq/bcm2836_irq.h>
#include <panic/panic.h>
#include "../../platform/device_tree/machine_tree.h"
#include "cpu_setup.h"
#include "irq_chip.h"
#include "registers.h"
#include "stop.h"

enum { MAILBOX_MESSAGES, MAILBOX_STOP };

static bcm2836_irq_t s_irq;

/* Cores of one cluster. */
static unsigned this_core(void)
{
	return register_read("mpidr_el1") & 3;
}

void axhal_irq_chip_init(void)
{
	s_irq = (bcm2836_irq_t){ axhal_tree_map(TREE_CORES_CONTROLLER, 0), axhal_tree_map(TREE_IRQ_CONTROLLER, 0) };
	if (!s_irq.local || !s_irq.peripherals)
		PANIC("the device tree has no interrupt controller that is known here");
	bcm2836_irq_init(&s_irq);
}

void axhal_irq_chip_init_cpu([[maybe_unused]] unsigned cpu)
{
	bcm2836_irq_init_core(&s_irq, this_core(), 1u << MAILBOX_MESSAGES, 1u << MAILBOX_STOP);
}

bool axhal_irq_chip_has(unsigned irq)
{
	return irq < BCM2836_IRQ_LINES;
}

void axhal_irq_chip_enable(unsigned irq)
{
	bcm2836_irq_enable(&s_irq, irq);
}

/* Bank (0: the controller's own, which are not driven here) and number. */
unsigned axhal_irq_chip_line(const uint32_t *cells, unsigned count)
{
	bool is_known = count >= 2 && (cells[0] == 1 || cells[0] == 2) && cells[1] < 32;
	return is_known ? (cells[0] - 1) * 32 + cells[1] : UINT32_MAX;
}

static void handle_messages(void)
{
	uint32_t messages = bcm2836_irq_take(&s_irq, this_core(), MAILBOX_MESSAGES);
	for (; messages; messages &= messages - 1)
		axhal_irq_handle(AXHAL_IRQ_WAKE + (unsigned)__builtin_ctz(messages));
}

void axhal_irq_chip_dispatch(void)
{
	unmask_fast_interrupts(); /* masked by the exception; threads run in here */
	uint32_t pending = bcm2836_irq_pending(&s_irq, this_core());
	if (pending & BCM2836_IRQ_VIRTUAL_TIMER) {
		axhal_timer_arm(UINT64_MAX); /* its line is a level */
		axhal_irq_handle(AXHAL_IRQ_TIMER);
	}
	if (pending & BCM2836_IRQ_MAILBOX(MAILBOX_MESSAGES))
		handle_messages();
	unsigned line = pending & BCM2836_IRQ_PERIPHERALS ? bcm2836_irq_line(&s_irq) : BCM2836_IRQ_LINES;
	if (line < BCM2836_IRQ_LINES)
		axhal_irq_handle(line);
}

/* It takes none. */
bool axhal_irq_chip_take_message([[maybe_unused]] const device_tree_node_t *controller, [[maybe_unused]] axhal_irq_message_t *message)
{
	return false;
}

#if AXHAL_FEATURE_SMP

static void send(unsigned cpu, unsigned mailbox, uint32_t bits)
{
	dsb_ish();
	bcm2836_irq_send(&s_irq, (unsigned)axhal_hardware_id(cpu) & 3, mailbox, bits);
}

void axhal_irq_chip_send(unsigned cpu, unsigned irq)
{
	send(cpu, MAILBOX_MESSAGES, 1u << (irq - AXHAL_IRQ_WAKE));
}

void axhal_cpus_stop(uint64_t cpus)
{
	for (; cpus; cpus &= cpus - 1)
		send((unsigned)__builtin_ctzll(cpus), MAILBOX_STOP, 1);
}

#endif
