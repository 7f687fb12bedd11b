/* SPDX-License-Identifier: Apache-2.0 */
/* Boot's part of memory.c, over boot_memory.h. */
#pragma once

#include <memory_addr/memory_addr.h>
#include "start_info.h"

/** The page from which further processors start, in real mode; not free. */
#define X86_PVH_START_PADDR UINT64_C(0x1000)

/** Find free memory. @return the end of RAM */
paddr_t x86_pvh_memory_init(const memory_map_entry_t *map, size_t entries);

/** Which GiBs have RAM: bit i is the i-th, 512 bits. */
const uint64_t *x86_pvh_ram_gibs(void);

/** Zeroed pages for good, taken from free memory; panics if there is none. Before axhal_start_main(). */
void *x86_pvh_boot_alloc(size_t bytes);
