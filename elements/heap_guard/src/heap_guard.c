/* SPDX-License-Identifier: Apache-2.0 */
/* Laying, checking and lifting of the guards; the layout is in heap_guard.h. */
#include <stdint.h>

#include <base/base.h>
#include <heap_guard/heap_guard.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <panic/panic.h>

enum {
	CANARY_BYTES = 16,
	CANARY_BYTE = 0xfb,
};

/* Right in front of the user's first byte. */
typedef struct __attribute__((may_alias)) guard {
	size_t offset; /* from the raw block to the user's first byte */
	size_t unused; /* with offset: room for an allocator's two links */
	size_t size;
	uint64_t magic;
} guard_t;

_Static_assert(sizeof(guard_t) == 32, "keeps the alignment of the raw block");

typedef size_t __attribute__((may_alias)) offset_t;

static uint64_t magic_live(const guard_t *guard)
{
	return UINT64_C(0xa110ca7ed0b10c55) ^ (uintptr_t)guard;
}

static uint64_t magic_freed(const guard_t *guard)
{
	return UINT64_C(0xf9eeda110cf9eeda) ^ (uintptr_t)guard;
}

static size_t user_offset(size_t align)
{
	return AX_MAX(sizeof(guard_t), align);
}

/* The first byte of the canary behind @p user that was overwritten, or NULL. */
static const uint8_t *overrun_at(const uint8_t *user, size_t size)
{
	for (size_t i = 0; i < CANARY_BYTES; i++) {
		if (user[size + i] != CANARY_BYTE)
			return &user[size + i];
	}
	return NULL;
}

bool heap_guard_raw_size(size_t size, size_t align, size_t *raw_size)
{
	return !__builtin_add_overflow(size, user_offset(align), raw_size) &&
	       !__builtin_add_overflow(*raw_size, CANARY_BYTES, raw_size);
}

void *heap_guard_arm(void *raw, size_t size, size_t align)
{
	size_t offset = user_offset(align);
	uint8_t *user = (uint8_t *)raw + offset;
	guard_t *guard = (guard_t *)(uintptr_t)user - 1;

	*(offset_t *)raw = offset;
	*guard = (guard_t){ .offset = offset, .size = size, .magic = magic_live(guard) };
	memset(user, HEAP_GUARD_FRESH_BYTE, size);
	memset(user + size, CANARY_BYTE, CANARY_BYTES);
	return user;
}

/* The guard of a live block whose canary is whole; PANICs for any other. */
static guard_t *checked_guard(void *user)
{
	guard_t *guard = (guard_t *)user - 1;

	if (!is_aligned((uintptr_t)user, 16))
		heap_guard_foreign_pointer(user);
	if (guard->magic == magic_freed(guard))
		PANIC("double free of %p", user);
	if (guard->magic != magic_live(guard))
		heap_guard_foreign_pointer(user);

	const uint8_t *overrun = overrun_at(user, guard->size);
	if (overrun)
		PANIC("heap overrun at %p, behind the %zu bytes at %p", (const void *)overrun,
		      guard->size, user);
	return guard;
}

void *heap_guard_disarm(void *user)
{
	guard_t *guard = checked_guard(user);

	guard->magic = magic_freed(guard);
	memset(user, HEAP_GUARD_FREED_BYTE, guard->size);
	return (uint8_t *)user - guard->offset;
}

size_t heap_guard_size(void *user)
{
	return checked_guard(user)->size;
}

bool heap_guard_is_intact(const void *raw)
{
	size_t offset = *(const offset_t *)raw;
	const uint8_t *user = (const uint8_t *)raw + offset;
	const guard_t *guard = (const guard_t *)(uintptr_t)user - 1;

	if (offset < sizeof *guard || !is_power_of_two(offset))
		return false;
	return guard->magic == magic_live(guard) && guard->offset == offset &&
	       !overrun_at(user, guard->size);
}

void heap_guard_foreign_pointer(const void *user)
{
	PANIC("free of a pointer that was never allocated: %p", user);
}
