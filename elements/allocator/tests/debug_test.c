/* SPDX-License-Identifier: Apache-2.0 */
/* What each backend says, guarded, about misuse. */
#include <axpanic.h>
#include <heap_guard/heap_guard.h>
#include <allocator/byte_allocator.h>

static _Alignas(4096) uint8_t s_region[65536];
static byte_allocator_t s_heap;

static void init_heap(void)
{
	byte_allocator_init(&s_heap);
	CHECK(byte_allocator_add_region(&s_heap, s_region, sizeof s_region) == AX_OK);
}

static void check_double_free(size_t align)
{
	char message[64];

	init_heap();
	void *wall = byte_allocator_alloc(&s_heap, 8, 16);
	void *block = byte_allocator_alloc(&s_heap, 40, align);
	CHECK(wall && block);
	byte_allocator_free(&s_heap, block);
	snprintf(message, sizeof message, "double free of %p", block);
	CHECK_PANIC(byte_allocator_free(&s_heap, block), message);
}

TEST(a_double_free_is_named_with_its_address)
{
	check_double_free(16);
	check_double_free(64);
	check_double_free(1024);
}

TEST(a_pointer_that_was_never_allocated_is_named)
{
	int local = 0;

	init_heap();
	char *block = byte_allocator_alloc(&s_heap, 400, 16);
	CHECK_PANIC(byte_allocator_free(&s_heap, &local), "free of a pointer that was never allocated: 0x");
	CHECK_PANIC(byte_allocator_free(&s_heap, block + 160), "free of a pointer that was never allocated: 0x");
	CHECK_PANIC(byte_allocator_free(&s_heap, (void *)1), "free of a pointer that was never allocated: 0x1");
	CHECK_PANIC((void)byte_allocator_realloc(&s_heap, &local, 9, 16), "never allocated");
	byte_allocator_free(&s_heap, block);
}

TEST(an_overrun_is_found_by_check_and_named_by_free)
{
	init_heap();
	char *block = byte_allocator_alloc(&s_heap, 41, 16);
	CHECK(byte_allocator_check(&s_heap) == AX_OK);
	block[41] = 1;
	CHECK(byte_allocator_check(&s_heap) == AX_ERR_BAD_STATE);
	CHECK_PANIC(byte_allocator_free(&s_heap, block), "heap overrun at 0x");
}

TEST(freed_memory_is_poisoned_and_usable_size_is_what_was_asked)
{
	init_heap();
	unsigned char *block = byte_allocator_alloc(&s_heap, 100, 16);
	CHECK_EQ(byte_allocator_usable_size(&s_heap, block), 100);
	memset(block, 1, 100);
	byte_allocator_free(&s_heap, block);
	CHECK_EQ(block[50], HEAP_GUARD_FREED_BYTE);
}
