/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Free memory of a bare machine, in order of use: what is reserved, then what RAM there is, then what the boot takes of it
 * for good. Fixed once axhal_start_main() runs.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <stdbool.h>

/** Keep [start, start + bytes) out of free memory. Before axhal_boot_add_ram(). */
void axhal_boot_reserve(paddr_t start, uint64_t bytes);

/** Whether something of [start, start + bytes) is reserved so far. */
bool axhal_boot_is_reserved(paddr_t start, uint64_t bytes);

/** The image is reserved: all of it, as it is loaded at @p start. @return its end, that of a page */
paddr_t axhal_boot_reserve_image(paddr_t start);

/** [start, end) is RAM; what is not reserved of it is free, by whole pages. */
void axhal_boot_add_ram(paddr_t start, paddr_t end);

/** Zeroed pages for good, taken from free memory below @p end; panics if there is none. Before axhal_start_main(). */
void *axhal_boot_alloc(size_t bytes, paddr_t end);

/** A zeroed frame, likewise. */
paddr_t axhal_boot_frame(void);
