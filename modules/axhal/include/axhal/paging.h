/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's address space after boot. Feature `paging`. W^X: no call can make memory writable and executable. */
#pragma once

#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>

#pragma GCC visibility push(default)

typedef enum axhal_access {
	AXHAL_ACCESS_NONE,          /* every access faults: guard pages */
	AXHAL_ACCESS_READ,
	AXHAL_ACCESS_READ_WRITE,
	AXHAL_ACCESS_READ_EXECUTE,
} axhal_access_t;

/**
 * Change what may be done with pages of the direct map; in force on every CPU on return. Splits large pages as needed.
 * @param vaddr,bytes  page-aligned
 * @retval AX_ERR_INVALID_INPUT  not aligned, empty, or not direct-map memory
 * @retval AX_ERR_NO_MEMORY      no frame for a page table; nothing has changed
 * Thread context, or a page-fault handler. Other CPUs are asked by axhal_call_on(): hold no lock that they might take with
 * interrupts masked.
 */
ax_err_t axhal_protect(vaddr_t vaddr, size_t bytes, axhal_access_t access);

/** Page-table frames come from here once the early ones are used up: set by axalloc. 0 = none left. */
void axhal_set_frame_source(paddr_t (*alloc_frame)(void));

#pragma GCC visibility pop
