/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this platform give one another. */
#pragma once

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
