/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's page table, to be changed after boot. */
#pragma once

#include <page_table/page_table.h>
#include <spinlock/spinlock.h>
#include "every_cpu.h"
#include "kernel_tables.h"

/** Held while the page table is changed; protects it and the pool of its first frames. */
extern spinlock_t axhal_page_table_lock;

/**
 * Take the lock; spin_unlock() ends it. Who waits answers other CPUs' calls, interrupts masked or not: the holder may be
 * waiting for that, as the allocator of frames interrupts other CPUs. Thread context, or a page fault's.
 */
static inline void axhal_lock_page_table(void)
{
	while (!spin_try_lock(&axhal_page_table_lock))
		answer_calls();
}

/** The page table that the processor uses. No frame of it is ever freed: neither trim nor destroy it. */
page_table_t axhal_page_table(void);
