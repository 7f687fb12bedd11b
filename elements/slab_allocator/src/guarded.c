/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions under the feature `debug`: guarded blocks on the raw allocator. */
#include <heap_guard/heap_guard.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <slab_allocator/slab_allocator.h>

static void require_in_heap(const slab_t *self, const void *pointer)
{
	if (!slab_contains(self, pointer))
		heap_guard_foreign_pointer(pointer);
}

void *slab_alloc(slab_t *self, size_t size, size_t align)
{
	size_t raw_size;

	if (!is_power_of_two(align) || !heap_guard_raw_size(size, align, &raw_size))
		return NULL;
	void *raw = slab_raw_alloc(self, raw_size, align);
	return raw ? heap_guard_arm(raw, size, align) : NULL;
}

void slab_free(slab_t *self, void *pointer)
{
	if (!pointer)
		return;
	require_in_heap(self, pointer);
	slab_raw_free(self, heap_guard_disarm(pointer));
}

void *slab_realloc(slab_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return slab_alloc(self, size, align);

	size_t old_size = slab_usable_size(self, pointer);
	void *moved = slab_alloc(self, size, align);
	if (!moved)
		return NULL;
	memcpy(moved, pointer, AX_MIN(old_size, size));
	slab_free(self, pointer);
	return moved;
}

size_t slab_usable_size(const slab_t *self, void *pointer)
{
	require_in_heap(self, pointer);
	return heap_guard_size(pointer);
}
