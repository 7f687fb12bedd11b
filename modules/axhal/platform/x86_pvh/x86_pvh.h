/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this platform give one another. */
#pragma once

#include <memory_addr/memory_addr.h>
#include <x86_apic/x86_apic.h>

/** This CPU's local APIC: the registers lie at the same place for all CPUs. From x86_pvh_irq_init() on. */
extern x86_apic_t x86_pvh_apic;

/** Enable this CPU's local APIC and timer. Once a CPU, on the first by x86_pvh_irq_init(). */
void x86_pvh_apic_enable(void);

/** From here on the rates of the clock and of the timer are known. Before a second CPU runs; no preemption. */
void x86_pvh_timer_prepare(void);

/** Which CPUs there are; @p acpi_root as the loader says, or 0. Feature `smp`. Once, when interrupts are set up. */
void x86_pvh_find_cpus(paddr_t acpi_root);

/** Per-CPU variables; this CPU, which boots, has number 0. Feature `smp`. First of all. */
void x86_pvh_smp_init(void);

/** The serial port, ready to write. Once. */
void x86_pvh_console_init(void);

/** The port's interrupt: the byte waits for its reader, who is told. */
void x86_pvh_console_interrupt(void *unused);

/** An arriving byte raises the port's interrupt from here on. */
void x86_pvh_console_enable_interrupt(void);

/** Interrupt controllers and the timer; the console's interrupt on. Feature `irq`. Once. */
void x86_pvh_irq_init(void);
