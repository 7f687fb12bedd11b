/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking frame-pointer records: the saved frame pointer and the return address lie together, where the arch's
 * axhal/arch_frame.h says. A record is read only if it is aligned, mapped, and above the one before; it may lie below
 * where the stack changed: from a fault's own stack to the one that faulted.
 */
#include <axhal/arch_frame.h>
#include <axhal/backtrace.h>
#include "machine.h"

#define MOST_STACK_CHANGES 2

size_t axhal_backtrace(uintptr_t frame_pointer, uintptr_t *addresses, size_t capacity)
{
	uintptr_t record = frame_pointer ? frame_pointer : (uintptr_t)__builtin_frame_address(0);
	size_t count = 0, stack_changes = 0;
	while (count < capacity) {
		uintptr_t caller = record + AXHAL_ARCH_FRAME_CALLER_OFFSET;
		uintptr_t return_address = record + AXHAL_ARCH_FRAME_RETURN_OFFSET;
		if (record % sizeof(uintptr_t) || !axhal_is_readable(caller) || !axhal_is_readable(return_address))
			break;
		if (!*(const uintptr_t *)return_address)
			break;
		addresses[count++] = *(const uintptr_t *)return_address;
		uintptr_t next = *(const uintptr_t *)caller;
		if (next == record || (next < record && ++stack_changes > MOST_STACK_CHANGES))
			break;
		record = next;
	}
	return count;
}
