/* SPDX-License-Identifier: Apache-2.0 */
/* Between smp.c and start_cpu.S. */
#pragma once

#include <stdint.h>
#include "../../arch/x86_64/page_tables.h"

/** What a CPU runs in real mode, wherever it lies below 1 MiB at a page's start. */
extern const char x86_pvh_low_code[], x86_pvh_low_code_end[];

/** The page table on which a CPU goes to long mode: the first GiB at 0 and at the kernel's offset. */
extern pte_t x86_pvh_start_pml4[PTE_ENTRIES];

/** The stack on which it calls x86_pvh_cpu_main(). */
extern uintptr_t x86_pvh_start_stack;

/** Where a CPU that is being started gets to: on the kernel's page table and the given stack, interrupts masked. */
[[gnu::noreturn]] void x86_pvh_cpu_main(void);
