/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static thread-local storage in the ABI's layout (ELF TLS; variant II on x86_64: the block lies below the thread pointer,
 * the thread control block, TCB, at and above it; variant I elsewhere: the block above, the TCB below). Feature `tls`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Bytes of an area for one thread's TLS block plus a TCB of @p tcb_bytes, alignment included; 64-byte aligned. */
size_t axhal_tls_area_bytes(size_t tcb_bytes);

/**
 * Fill @p area (64-byte aligned, axhal_tls_area_bytes() long): TLS initialized from the image, TCB zeroed but for
 * what the ABI wants at the thread pointer (x86_64: the self pointer).
 * @return the thread pointer
 */
uintptr_t axhal_tls_init_area(void *area, size_t tcb_bytes);

/** Point this CPU's thread pointer there: for the boot thread; others get theirs by the context switch. */
void axhal_tls_set(uintptr_t thread_pointer);

#pragma GCC visibility pop
