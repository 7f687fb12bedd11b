/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Property test for byte allocators: a seeded random trace of alloc, realloc and free against a model that knows each
 * live block. It checks that blocks are aligned, large enough, inside no other block, keep their contents, and that
 * all memory is there again at the end. TRACE_HEAP(name, prefix, type) makes the `name` that heap_trace_run() takes.
 */
#pragma once

#include <axtest.h>

typedef struct trace_heap {
	void *(*alloc)(void *self, size_t size, size_t align);
	void (*free)(void *self, void *pointer);
	void *(*realloc)(void *self, void *pointer, size_t size, size_t align);
	size_t (*usable_size)(void *self, void *pointer);
	size_t (*free_bytes)(void *self);
	size_t (*used_bytes)(void *self);
	bool (*is_sound)(void *self);
} trace_heap_t;

#define TRACE_HEAP(name, prefix, type)                                                             \
	static void *name##_alloc(void *self, size_t size, size_t align)                           \
	{                                                                                          \
		return prefix##_alloc((type *)self, size, align);                                  \
	}                                                                                          \
	static void name##_free(void *self, void *pointer)                                         \
	{                                                                                          \
		prefix##_free((type *)self, pointer);                                              \
	}                                                                                          \
	static void *name##_realloc(void *self, void *pointer, size_t size, size_t align)          \
	{                                                                                          \
		return prefix##_realloc((type *)self, pointer, size, align);                       \
	}                                                                                          \
	static size_t name##_usable_size(void *self, void *pointer)                                \
	{                                                                                          \
		return prefix##_usable_size((type *)self, pointer);                                \
	}                                                                                          \
	static size_t name##_free_bytes(void *self)                                                \
	{                                                                                          \
		return prefix##_free_bytes((type *)self);                                          \
	}                                                                                          \
	static size_t name##_used_bytes(void *self)                                                \
	{                                                                                          \
		return prefix##_used_bytes((type *)self);                                          \
	}                                                                                          \
	static bool name##_is_sound(void *self)                                                    \
	{                                                                                          \
		return prefix##_check((type *)self) == AX_OK;                                      \
	}                                                                                          \
	static const trace_heap_t name = { name##_alloc,       name##_free,       name##_realloc,  \
					   name##_usable_size, name##_free_bytes, name##_used_bytes, \
					   name##_is_sound }

enum { TRACE_MAX_LIVE = 300 };

typedef struct trace_block {
	uint8_t *start;
	size_t bytes; /* usable: all of it is written */
	uint8_t seed;
} trace_block_t;

typedef struct trace {
	const trace_heap_t *heap;
	void *self;
	uint64_t random;
	unsigned max_size_log2;
	size_t count;
	size_t successes;
	trace_block_t live[TRACE_MAX_LIVE];
} trace_t;

/* xorshift64*: Vigna 2016. */
static uint64_t trace_random(trace_t *trace, uint64_t limit)
{
	trace->random ^= trace->random >> 12;
	trace->random ^= trace->random << 25;
	trace->random ^= trace->random >> 27;
	return (trace->random * UINT64_C(2685821657736338717) >> 16) % limit;
}

static size_t trace_random_size(trace_t *trace)
{
	uint64_t limit = UINT64_C(1) << trace_random(trace, trace->max_size_log2 + 1);

	return trace_random(trace, limit + 1);
}

/* Mostly the default alignment, sometimes up to 4096. */
static size_t trace_random_align(trace_t *trace)
{
	return trace_random(trace, 4) ? 16 : (size_t)1 << trace_random(trace, 13);
}

static uint8_t trace_byte(const trace_block_t *block, size_t i)
{
	return (uint8_t)(block->seed + i * 7 + (i >> 8));
}

static bool trace_holds(const trace_block_t *block, const uint8_t *start, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (start[i] != trace_byte(block, i))
			return false;
	}
	return true;
}

/* Enter a block just got as number @p index, and fill it. */
static void trace_enter(trace_t *trace, size_t index, void *start, size_t size, size_t align)
{
	trace_block_t *block = &trace->live[index];
	size_t usable = trace->heap->usable_size(trace->self, start);

	CHECK_EQ((uintptr_t)start % align, 0);
	CHECK(usable >= size);
	*block = (trace_block_t){ start, usable, (uint8_t)trace_random(trace, 256) };
	for (size_t i = 0; i < trace->count; i++) {
		const trace_block_t *other = &trace->live[i];
		if (i != index)
			CHECK(block->start != other->start &&
			      (block->start + block->bytes <= other->start ||
			       other->start + other->bytes <= block->start));
	}
	for (size_t i = 0; i < block->bytes; i++)
		block->start[i] = trace_byte(block, i);
	trace->successes++;
}

static void trace_alloc(trace_t *trace)
{
	size_t size = trace_random_size(trace);
	size_t align = trace_random_align(trace);
	void *start = trace->heap->alloc(trace->self, size, align);

	if (start)
		trace_enter(trace, trace->count++, start, size, align);
}

static void trace_realloc(trace_t *trace)
{
	size_t index = trace_random(trace, trace->count);
	trace_block_t old = trace->live[index];
	size_t size = trace_random_size(trace);
	size_t align = trace_random_align(trace);
	uint8_t *start = trace->heap->realloc(trace->self, old.start, size, align);

	if (!start) {
		CHECK(trace_holds(&old, old.start, old.bytes));
		return;
	}
	CHECK(trace_holds(&old, start, size < old.bytes ? size : old.bytes));
	trace_enter(trace, index, start, size, align);
}

static void trace_free(trace_t *trace)
{
	size_t index = trace_random(trace, trace->count);
	trace_block_t *block = &trace->live[index];

	CHECK(trace_holds(block, block->start, block->bytes));
	trace->heap->free(trace->self, block->start);
	*block = trace->live[--trace->count];
}

/* The largest block that can be had now. */
static size_t heap_trace_largest(const trace_heap_t *heap, void *self)
{
	size_t low = 0;
	size_t high = heap->free_bytes(self) + 1;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		void *block = heap->alloc(self, middle, 16);
		heap->free(self, block);
		if (block)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Run @p steps on the heap @p self, of which nothing is in use, with sizes log-uniform up to 2^max_size_log2. */
static void heap_trace_run(const trace_heap_t *heap, void *self, uint64_t seed, int steps,
			   unsigned max_size_log2)
{
	static trace_t trace;
	size_t free_bytes = heap->free_bytes(self);
	size_t largest = heap_trace_largest(heap, self);

	trace = (trace_t){ heap, self, seed * 0x9e3779b97f4a7c15 + 1, max_size_log2, 0, 0, { { 0 } } };
	CHECK_EQ(heap->used_bytes(self), 0);
	for (int step = 0; step < steps; step++) {
		/* the trace breathes: phases that grow the heap and phases that shrink it */
		uint64_t dice = trace_random(&trace, 10);
		bool grows = step / 500 % 2 == 0;
		if (trace.count == 0 || (trace.count < TRACE_MAX_LIVE && dice < (grows ? 6 : 3)))
			trace_alloc(&trace);
		else if (dice < 8)
			trace_free(&trace);
		else
			trace_realloc(&trace);
		if (step % 64 == 0)
			CHECK(heap->is_sound(self));
	}
	CHECK(trace.successes > (size_t)steps / 5);
	CHECK(heap->is_sound(self));
	while (trace.count)
		trace_free(&trace);
	CHECK(heap->is_sound(self));
	CHECK_EQ(heap->used_bytes(self), 0);
	CHECK_EQ(heap->free_bytes(self), free_bytes);
	CHECK_EQ(heap_trace_largest(heap, self), largest);
}
