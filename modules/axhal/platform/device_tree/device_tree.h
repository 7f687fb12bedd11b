/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this platform give one another. */
#pragma once

#include <memory_addr/memory_addr.h>
#include <stdbool.h>

/** Where the entry goes: @p tree is the device tree's physical address. On the boot stack, interrupts masked. */
[[gnu::noreturn]] void axhal_device_tree_main(paddr_t tree);

/** Per-CPU variables; this CPU, which boots, has number 0. Feature `smp`. */
void axhal_smp_init(void);

/** Which CPUs there are. Feature `smp`. Once, when interrupts are set up. */
void axhal_find_cpus(void);

/** The serial port, ready to write. Once. */
void axhal_console_init(void);

/** An arriving byte raises the port's interrupt from here on. Once the interrupt controller is. */
void axhal_console_enable_interrupt(void);

/** The serial port's driver, chosen by feature: set up what is at @p base (@p tree says how). @return an early byte, or -1 */
int axhal_port_init(uintptr_t base);
void axhal_port_enable_interrupt(void);

/** Whether it drives what the tree calls @p compatible. */
bool axhal_port_drives(const char *compatible);

/** The port's line is to fall: on its interrupt. */
void axhal_port_clear_interrupt(void);

/** Interrupt controller and timer; the console's interrupt on. Feature `irq`. Once. */
void axhal_irq_init(void);
