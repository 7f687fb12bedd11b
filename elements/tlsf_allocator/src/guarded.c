/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions under the feature `debug`: guarded blocks on the raw allocator. */
#include <heap_guard/heap_guard.h>
#include <memstr/memstr.h>
#include <tlsf_allocator/tlsf_allocator.h>

static void require_in_heap(const tlsf_t *self, const void *pointer)
{
	if (!tlsf_contains(self, pointer))
		heap_guard_foreign_pointer(pointer);
}

void *tlsf_alloc(tlsf_t *self, size_t size, size_t align)
{
	size_t raw_size;

	if (!is_power_of_two(align) || !heap_guard_raw_size(size, align, &raw_size))
		return NULL;
	void *raw = tlsf_raw_alloc(self, raw_size, align);
	return raw ? heap_guard_arm(raw, size, align) : NULL;
}

void tlsf_free(tlsf_t *self, void *pointer)
{
	if (!pointer)
		return;
	require_in_heap(self, pointer);
	tlsf_raw_free(self, heap_guard_disarm(pointer));
}

void *tlsf_realloc(tlsf_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return tlsf_alloc(self, size, align);

	size_t old_size = tlsf_usable_size(self, pointer);
	void *moved = tlsf_alloc(self, size, align);
	if (!moved)
		return NULL;
	memcpy(moved, pointer, AX_MIN(old_size, size));
	tlsf_free(self, pointer);
	return moved;
}

size_t tlsf_usable_size(const tlsf_t *self, void *pointer)
{
	require_in_heap(self, pointer);
	return heap_guard_size(pointer);
}
