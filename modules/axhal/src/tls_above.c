/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Areas for static thread-local storage, variant I (Drepper, "ELF Handling For Thread-Local Storage", section 3): the TLS block
 * above the thread pointer, behind what the ABI keeps there (axhal/arch_tls.h), the TCB below it. The linker script gives the
 * block TLS_ALIGNMENT, to which the linker rounds the gap up as well.
 */
#include <axhal/arch_tls.h>
#include <axhal/tls.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include "machine.h"

#define TLS_ALIGNMENT 64u

static size_t block_bytes(void)
{
	return (size_t)(ax_tls_end - ax_tdata_start);
}

size_t axhal_tls_area_bytes(size_t tcb_bytes)
{
	return align_up(tcb_bytes, TLS_ALIGNMENT) + align_up(AXHAL_ARCH_TLS_GAP, TLS_ALIGNMENT) +
	       align_up(block_bytes(), TLS_ALIGNMENT);
}

uintptr_t axhal_tls_init_area(void *area, size_t tcb_bytes)
{
	size_t data_bytes = (size_t)(ax_tdata_end - ax_tdata_start);
	char *thread_pointer = (char *)area + align_up(tcb_bytes, TLS_ALIGNMENT);
	char *block = thread_pointer + align_up(AXHAL_ARCH_TLS_GAP, TLS_ALIGNMENT);
	memset(area, 0, (size_t)(block - (char *)area));
	memcpy(block, ax_tdata_start, data_bytes);
	memset(block + data_bytes, 0, block_bytes() - data_bytes);
	return (uintptr_t)thread_pointer;
}
