/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: where axhal goes when the machine is ready. One provider an image: axruntime. */
#pragma once

#pragma GCC visibility push(default)

/**
 * Called once, on the boot CPU and boot stack, by axhal's entry: traps, page tables, console and clocks are up,
 * interrupts are masked. Returns the image's exit status, or never.
 */
int axhal_start_main(void);

#pragma GCC visibility pop
