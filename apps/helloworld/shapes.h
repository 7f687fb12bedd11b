/* SPDX-License-Identifier: Apache-2.0 */
/* The two shapes beyond the bare one; each returns an exit status. */
#pragma once

int say_with_memory(void);
int say_with_threads(void);
