/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atomic operations on 1 and 2 bytes, which gcc calls as functions on riscv64 (gcc manual, "Built-in Functions for Memory
 * Model Aware Atomic Operations"): the processor's are on words, so each is one on the word around the bytes, as in libatomic.
 * Sequentially consistent, whatever order is asked for.
 */
#include <stdbool.h>
#include <stdint.h>

/* The word, and where in it the bytes are. */
#define WORD(pointer)	((uint32_t *)((uintptr_t)(pointer) & ~(uintptr_t)3))
#define SHIFT(pointer)	(8 * (unsigned)((uintptr_t)(pointer) & 3))
#define REPLACE(word, mask, shift, value) (((word) & ~(mask)) | ((uint32_t)(value) << (shift) & (mask)))

/* Each operation by a loop of compare and exchange; `next` is the new value of the bytes, made of `old`. */
#define CHANGE(name, type, next)                                                                                  \
	type name(volatile void *pointer, type value, [[maybe_unused]] int order)                                 \
	{                                                                                                         \
		const unsigned shift = SHIFT(pointer);                                                            \
		const uint32_t mask = (uint32_t)(type)~(type)0 << shift;                                          \
		uint32_t word = __atomic_load_n(WORD(pointer), __ATOMIC_RELAXED);                                 \
		type old;                                                                                         \
		do {                                                                                              \
			old = (type)(word >> shift);                                                              \
		} while (!__atomic_compare_exchange_n(WORD(pointer), &word, REPLACE(word, mask, shift, next), true, \
						      __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));                       \
		return old;                                                                                       \
	}

#define COMPARE(name, type)                                                                                       \
	bool name(volatile void *pointer, void *expected, type value, [[maybe_unused]] bool weak,                 \
		  [[maybe_unused]] int order, [[maybe_unused]] int failure_order)                                 \
	{                                                                                                         \
		const unsigned shift = SHIFT(pointer);                                                            \
		const uint32_t mask = (uint32_t)(type)~(type)0 << shift;                                          \
		uint32_t word = __atomic_load_n(WORD(pointer), __ATOMIC_SEQ_CST);                                 \
		do {                                                                                              \
			if ((type)(word >> shift) != *(type *)expected) {                                         \
				*(type *)expected = (type)(word >> shift);                                        \
				return false;                                                                     \
			}                                                                                         \
		} while (!__atomic_compare_exchange_n(WORD(pointer), &word, REPLACE(word, mask, shift, value), true, \
						      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));                       \
		return true;                                                                                      \
	}

#define ALL(bytes, type)                                            \
	CHANGE(ATOMIC(exchange, bytes), type, value)                \
	CHANGE(ATOMIC(fetch_add, bytes), type, (type)(old + value)) \
	CHANGE(ATOMIC(fetch_sub, bytes), type, (type)(old - value)) \
	CHANGE(ATOMIC(fetch_and, bytes), type, old & value)         \
	CHANGE(ATOMIC(fetch_or, bytes), type, old | value)          \
	CHANGE(ATOMIC(fetch_xor, bytes), type, old ^ value)         \
	CHANGE(ATOMIC(fetch_nand, bytes), type, (type)~(old & value)) \
	COMPARE(ATOMIC(compare_exchange, bytes), type)

/* The names are built-in ones to the compiler, which lets nobody define them: so the functions have others in C. */
#define ATOMIC(operation, bytes) atomic_##operation##_##bytes
#define NAMED(operation, bytes)  __asm__("__atomic_" #operation "_" #bytes)

#define CHANGES(bytes, type)                                                                       \
	type ATOMIC(exchange, bytes)(volatile void *, type, int) NAMED(exchange, bytes);           \
	type ATOMIC(fetch_add, bytes)(volatile void *, type, int) NAMED(fetch_add, bytes);         \
	type ATOMIC(fetch_sub, bytes)(volatile void *, type, int) NAMED(fetch_sub, bytes);         \
	type ATOMIC(fetch_and, bytes)(volatile void *, type, int) NAMED(fetch_and, bytes);         \
	type ATOMIC(fetch_or, bytes)(volatile void *, type, int) NAMED(fetch_or, bytes);           \
	type ATOMIC(fetch_xor, bytes)(volatile void *, type, int) NAMED(fetch_xor, bytes);         \
	type ATOMIC(fetch_nand, bytes)(volatile void *, type, int) NAMED(fetch_nand, bytes);       \
	bool ATOMIC(compare_exchange, bytes)(volatile void *, void *, type, bool, int, int) NAMED(compare_exchange, bytes);

#pragma GCC visibility push(default)
CHANGES(1, uint8_t)
CHANGES(2, uint16_t)
#pragma GCC visibility pop

ALL(1, uint8_t)
ALL(2, uint16_t)
