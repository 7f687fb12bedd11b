/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the card's registers, and memory that it reaches. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** A register of the card whose registers are mapped at @p registers; what was written to memory before is there before. */
uint32_t e1000e_host_read(void *registers, uint32_t offset);
void e1000e_host_write(void *registers, uint32_t offset, uint32_t value);

/** Memory without gaps for the card, page-aligned and zeroed, or NULL. */
void *e1000e_host_alloc(size_t bytes);
void e1000e_host_free(void *memory, size_t bytes);

/** The address that the card knows @p memory by, which is any of the image's or of the heap's. */
uint64_t e1000e_host_bus_address(const void *memory);

uint64_t e1000e_host_now_ns(void);

#pragma GCC visibility pop
