/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this platform give one another. */
#pragma once

/** The serial port, ready to write. Once. */
void x86_pvh_console_init(void);

/** An arriving byte raises the port's interrupt from here on. */
void x86_pvh_console_enable_interrupt(void);
