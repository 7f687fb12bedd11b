/* SPDX-License-Identifier: Apache-2.0 */
/* Bits of page-table entries: Intel SDM volume 3A, section 4.5 (4-level paging). For C and assembly. */
#pragma once

#define PAGE_PRESENT         0x001
#define PAGE_WRITABLE        0x002
#define PAGE_WRITE_THROUGH   0x008
#define PAGE_CACHE_DISABLE   0x010
#define PAGE_LARGE           0x080
#define PAGE_NO_EXECUTE_HIGH 0x80000000 /* in the upper half of the entry */

/** An entry that points at the next level: rights are the leaf's. */
#define PAGE_TABLE           (PAGE_PRESENT | PAGE_WRITABLE)

#ifndef __ASSEMBLER__

#include <stdint.h>

typedef uint64_t page_entry_t;

#define PAGE_NO_EXECUTE (UINT64_C(1) << 63)
#define PAGE_ADDRESS    UINT64_C(0x000ffffffffff000)
#define PAGE_ENTRIES    512u

/* Rights of leaves in the kernel. */
#define PAGE_READ         ((uint64_t)PAGE_PRESENT | PAGE_NO_EXECUTE)
#define PAGE_READ_WRITE   (PAGE_READ | PAGE_WRITABLE)
#define PAGE_READ_EXECUTE ((uint64_t)PAGE_PRESENT)

#endif
