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

/* The linker rounds the block's size to its alignment and counts offsets from its end. */
static size_t block_bytes(void)
{
	return align_up((uintptr_t)ax_tbss_end - (uintptr_t)ax_tdata_start, TLS_ALIGNMENT);
}

size_t axhal_tls_area_bytes(size_t tcb_bytes)
{
	return block_bytes() + align_up(tcb_bytes, TLS_ALIGNMENT);
}

uintptr_t axhal_tls_init_area(void *area, size_t tcb_bytes)
{
	size_t data_bytes = (size_t)(ax_tdata_end - ax_tdata_start);
	size_t image_bytes = (size_t)(ax_tbss_end - ax_tdata_start);
	char *thread_pointer = (char *)area + block_bytes();
	char *block = thread_pointer - image_bytes;
	memcpy(block, ax_tdata_start, data_bytes);
	memset(block + data_bytes, 0, image_bytes - data_bytes);
	memset(thread_pointer, 0, tcb_bytes);
	*(uintptr_t *)thread_pointer = (uintptr_t)thread_pointer;
	return (uintptr_t)thread_pointer;
}
