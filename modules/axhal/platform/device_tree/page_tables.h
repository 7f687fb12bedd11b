/* SPDX-License-Identifier: Apache-2.0 */
/* The page table of a machine with a device tree. */
#pragma once

#include <memory_addr/memory_addr.h>

/** The end of what the entry shows, the GiB of the image, until axhal_page_tables_init(). */
paddr_t axhal_boot_shown_end(void);

/** Show RAM in the direct map, the image in it with its rights, and use that. Once, when RAM is known. */
void axhal_page_tables_init(void);

/** The root is elsewhere: a copy. This CPU changes to it at once. */
void axhal_move_root(paddr_t root);

/** A root that shows the image's place at its physical addresses too: for CPUs that turn translation on. */
paddr_t axhal_start_root(void);
