/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Areas for static thread-local storage, variant II (Drepper, "ELF Handling For Thread-Local Storage", section 3):
 * TLS block below the thread pointer, TCB from it on.
 */
#include <axhal/tls.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include "machine.h"

#define TLS_ALIGNMENT 64u

/* From the block's start to the thread pointer: the block's size, rounded up to the block's own alignment. */
static size_t block_bytes(void)
{
	return (size_t)(ax_tls_end - ax_tdata_start);
}

size_t axhal_tls_area_bytes(size_t tcb_bytes)
{
	return align_up(block_bytes(), TLS_ALIGNMENT) + align_up(tcb_bytes, TLS_ALIGNMENT);
}

uintptr_t axhal_tls_init_area(void *area, size_t tcb_bytes)
{
	size_t data_bytes = (size_t)(ax_tdata_end - ax_tdata_start);
	char *thread_pointer = (char *)area + align_up(block_bytes(), TLS_ALIGNMENT);
	char *block = thread_pointer - block_bytes();
	memcpy(block, ax_tdata_start, data_bytes);
	memset(block + data_bytes, 0, block_bytes() - data_bytes);
	memset(thread_pointer, 0, tcb_bytes);
	*(uintptr_t *)thread_pointer = (uintptr_t)thread_pointer;
	return (uintptr_t)thread_pointer;
}
