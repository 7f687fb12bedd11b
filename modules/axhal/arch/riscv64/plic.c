/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts on riscv64: the PLIC's sources are the device lines, all to the boot CPU; the timer and other CPUs' software
 * interrupts are the hart's own. Which of the PLIC's contexts is the boot CPU's supervisor mode says the device tree
 * (bindings/interrupt-controller/sifive,plic-1.0.0.yaml).
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include <percpu/percpu.h>
#include <riscv_plic/riscv_plic.h>
#include <stdatomic.h>
#include "../../platform/device_tree/machine_tree.h"
#include "cpu_setup.h"
#include "irq_chip.h"
#include "registers.h"
#include "sbi.h"

#define CAUSE_EXTERNAL 9u

static riscv_plic_t s_plic;
static unsigned s_sources;

/* The contexts are `interrupts-extended`, pairs of a hart's controller and a cause; harts are in the order of the tree. */
static unsigned supervisor_context(const device_tree_node_t *plic, unsigned hart_index)
{
	uint32_t cause, controller, first = UINT32_MAX;
	unsigned harts = 0;
	for (unsigned context = 0; device_tree_cell(plic, "interrupts-extended", 2 * context + 1, &cause); context++) {
		(void)device_tree_cell(plic, "interrupts-extended", 2 * context, &controller);
		harts += controller != first;
		first = controller;
		if (cause == CAUSE_EXTERNAL && harts == hart_index + 1)
			return context;
	}
	PANIC("the interrupt controller does not know the boot CPU");
}

void axhal_irq_chip_init(void)
{
	const device_tree_node_t *node = &axhal_tree.devices[TREE_IRQ_CONTROLLER];
	uint32_t sources = AXHAL_IRQ_TIMER - 1;
	s_plic.base = axhal_tree_map(TREE_IRQ_CONTROLLER, 0);
	if (!s_plic.base)
		PANIC("the device tree has no interrupt controller that is known here");
	(void)device_tree_cell(node, "riscv,ndev", 0, &sources);
	s_sources = sources < AXHAL_IRQ_TIMER ? sources : AXHAL_IRQ_TIMER - 1;
	s_plic.context = supervisor_context(node, axhal_tree.boot_cpu_index);
	riscv_plic_init(&s_plic, s_sources);
}

void axhal_irq_chip_init_cpu(unsigned cpu)
{
	csr_set("sie", INTERRUPT_SOFTWARE | (cpu ? 0 : INTERRUPT_EXTERNAL));
}

bool axhal_irq_chip_has(unsigned irq)
{
	return irq && irq <= s_sources;
}

void axhal_irq_chip_enable(unsigned irq)
{
	riscv_plic_enable(&s_plic, irq);
}

unsigned axhal_irq_chip_line(const uint32_t *cells, unsigned count)
{
	return count ? cells[0] : UINT32_MAX;
}

/* It takes none. */
bool axhal_irq_chip_take_message([[maybe_unused]] const device_tree_node_t *controller, [[maybe_unused]] axhal_irq_message_t *message)
{
	return false;
}

#if AXHAL_FEATURE_SMP

/* What other CPUs want: a bit each for AXHAL_IRQ_WAKE and IRQ_CALL. */
static PERCPU_DEFINE(_Atomic uint32_t, s_wanted) = 0;

static void handle_software(void)
{
	csr_clear("sip", INTERRUPT_SOFTWARE);
	uint32_t wanted = atomic_exchange(percpu_ptr(s_wanted), 0);
	for (; wanted; wanted &= wanted - 1)
		axhal_irq_handle(AXHAL_IRQ_WAKE + (unsigned)__builtin_ctz(wanted));
}

void axhal_irq_chip_send(unsigned cpu, unsigned irq)
{
	if (!atomic_fetch_or(percpu_ptr_of(s_wanted, cpu), 1u << (irq - AXHAL_IRQ_WAKE)))
		axhal_sbi_interrupt(axhal_hardware_id(cpu));
}

#else

static void handle_software(void)
{
	csr_clear("sip", INTERRUPT_SOFTWARE);
}

#endif

static void handle_external(void)
{
	unsigned source = riscv_plic_claim(&s_plic);
	if (!source)
		return;
	axhal_irq_handle(source);
	riscv_plic_complete(&s_plic, source);
}

void axhal_irq_chip_dispatch(void)
{
	uint64_t pending = csr_read("sip") & csr_read("sie");
	if (pending & INTERRUPT_SOFTWARE)
		handle_software();
	if (pending & INTERRUPT_TIMER) {
		axhal_timer_arm(UINT64_MAX); /* pending until the next one is set */
		axhal_irq_handle(AXHAL_IRQ_TIMER);
	}
	if (pending & INTERRUPT_EXTERNAL)
		handle_external();
}

void axhal_wait_for_irq(void)
{
	kernel_guard_timing_pause();
	/* A pending interrupt ends WFI though it is masked: Privileged Architecture, "Wait for Interrupt". */
	__asm__ volatile("wfi\n\tcsrsi sstatus, 2" : : : "memory");
	kernel_guard_timing_continue();
}
