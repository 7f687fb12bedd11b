/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions under the feature `debug`: guarded blocks on the raw allocator. */
#include <buddy_allocator/buddy_allocator.h>
#include <heap_guard/heap_guard.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>

static void require_in_heap(const buddy_t *self, const void *pointer)
{
	if (!buddy_contains(self, pointer))
		heap_guard_foreign_pointer(pointer);
}

void *buddy_alloc(buddy_t *self, size_t size, size_t align)
{
	size_t raw_size;

	if (!is_power_of_two(align) || !heap_guard_raw_size(size, align, &raw_size))
		return NULL;
	void *raw = buddy_raw_alloc(self, raw_size, align);
	return raw ? heap_guard_arm(raw, size, align) : NULL;
}

void buddy_free(buddy_t *self, void *pointer)
{
	if (!pointer)
		return;
	require_in_heap(self, pointer);
	buddy_raw_free(self, heap_guard_disarm(pointer));
}

void *buddy_realloc(buddy_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return buddy_alloc(self, size, align);

	size_t old_size = buddy_usable_size(self, pointer);
	void *moved = buddy_alloc(self, size, align);
	if (!moved)
		return NULL;
	memcpy(moved, pointer, AX_MIN(old_size, size));
	buddy_free(self, pointer);
	return moved;
}

size_t buddy_usable_size(const buddy_t *self, void *pointer)
{
	require_in_heap(self, pointer);
	return heap_guard_size(pointer);
}
