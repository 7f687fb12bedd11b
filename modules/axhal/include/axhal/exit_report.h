/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: who has something to say at the end. Feature `guard_timing`. Provider: axruntime. */
#pragma once

#pragma GCC visibility push(default)

/** Called first by axhal_exit(), in its context and with its @p status. Other CPUs may be running. */
void axhal_exit_report(int status);

#pragma GCC visibility pop
