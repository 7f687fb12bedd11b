/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Glue: who handles interrupts that came while they were masked in software. Feature `software_irq`. Provider: axhal.
 */
#pragma once

#pragma GCC visibility push(default)

/**
 * Handle what is pending, as the interrupt itself would have. Called with interrupts unmasked; nothing may be
 * pending any more by then. Returns with interrupts unmasked. The protocol is in kernel_guard/irq_mask.h.
 */
void kernel_guard_irq_deliver(void);

#pragma GCC visibility pop
