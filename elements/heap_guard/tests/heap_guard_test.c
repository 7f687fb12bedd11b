/* SPDX-License-Identifier: Apache-2.0 */
/* What the guards notice, on raw blocks of the test's own. */
#include <axpanic.h>
#include <heap_guard/heap_guard.h>

static _Alignas(256) uint8_t s_raw[1024];

static char *armed(size_t size, size_t align)
{
	size_t raw_size;

	CHECK(heap_guard_raw_size(size, align, &raw_size));
	CHECK(raw_size <= sizeof s_raw);
	return heap_guard_arm(s_raw, size, align);
}

TEST(a_guarded_block_is_aligned_fresh_and_gives_its_raw_block_back)
{
	for (size_t align = 1; align <= 256; align *= 2) {
		uint8_t *user = (uint8_t *)armed(100, align);
		CHECK_EQ((uintptr_t)user % align, 0);
		CHECK_EQ(user[0], HEAP_GUARD_FRESH_BYTE);
		CHECK_EQ(heap_guard_size(user), 100);
		CHECK(heap_guard_is_intact(s_raw));
		CHECK(heap_guard_disarm(user) == s_raw);
		CHECK_EQ(user[0], HEAP_GUARD_FREED_BYTE);
		CHECK_EQ(user[99], HEAP_GUARD_FREED_BYTE);
	}
}

TEST(a_second_free_is_named_even_when_links_lie_in_the_block)
{
	char *user = armed(8, 16);

	heap_guard_disarm(user);
	memset(s_raw, 0x5a, 16);
	CHECK_PANIC(heap_guard_disarm(user), "double free of 0x");
}

TEST(a_pointer_into_a_block_was_never_allocated)
{
	char *user = armed(128, 16);

	CHECK_PANIC(heap_guard_disarm(user + 1), "never allocated: 0x");
	CHECK_PANIC(heap_guard_disarm(user + 64), "never allocated: 0x");
	CHECK(heap_guard_is_intact(s_raw));
}

TEST(one_byte_past_the_end_is_an_overrun)
{
	char *user = armed(33, 64);
	char message[64];

	user[33] = 0;
	CHECK(!heap_guard_is_intact(s_raw));
	snprintf(message, sizeof message, "heap overrun at %p", (void *)&user[33]);
	CHECK_PANIC(heap_guard_disarm(user), message);
}

TEST(an_overflowing_size_has_no_raw_size)
{
	size_t raw_size;

	CHECK(!heap_guard_raw_size(SIZE_MAX, 16, &raw_size));
	CHECK(!heap_guard_raw_size(SIZE_MAX - 40, 16, &raw_size));
	CHECK(!heap_guard_raw_size(SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1, &raw_size));
}
