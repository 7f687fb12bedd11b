/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's page tables of page_tables.h, to be changed after boot. */
#pragma once

#include <page_table/page_table.h>
#include <spinlock/spinlock.h>
#include "page_tables.h"

/** Held while the page table is changed; protects it and the pool of its first frames. */
extern spinlock_t axhal_page_table_lock;

/** The page table that the processor uses. No frame of it is ever freed: neither trim nor destroy it. */
page_table_t axhal_page_table(void);
