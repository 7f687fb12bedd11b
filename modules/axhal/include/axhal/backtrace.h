/* SPDX-License-Identifier: Apache-2.0 */
/* Return addresses of the current call chain, by frame pointers; and their names, from the image's own table. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/**
 * Write up to @p capacity return addresses, innermost first, starting at @p frame_pointer (0: the caller's own).
 * Stops at the first frame that is not aligned, not readable kernel memory or not above the last one,
 * but where a trap changed stacks.
 * Any context. @return how many
 */
size_t axhal_backtrace(uintptr_t frame_pointer, uintptr_t *addresses, size_t capacity);

/** The function that holds @p address and the offset in it; NULL when the image has no name for it. Static: the next
 *  call overwrites it, on whichever CPU. A return address may be one past its function: look up the byte before. */
const char *axhal_symbol_name(uintptr_t address, size_t *offset);

#pragma GCC visibility pop
