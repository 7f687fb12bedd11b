/* SPDX-License-Identifier: Apache-2.0 */
/* Between axhal_call_on() and the platforms. Feature `smp`. */
#pragma once

/** Raise the interrupt on @p cpu whose handler is axhal_remote_calls_run(). Each platform has its own. Any context. */
void axhal_cpu_interrupt_for_call(unsigned cpu);

/** Make the calls that others have asked of this CPU. Interrupts masked. */
void axhal_remote_calls_run(void);
