/* SPDX-License-Identifier: Apache-2.0 */
/* What the start does differently with threads (threads.c) and without (alone.c). */
#pragma once

/** Give the calling thread, the only one, its control block: from here on C library code may run. */
void axlibc_prepare_main_thread(void);
