/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler's vocabulary that every component shares. Only macros: no state, no function, any context.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define AX_CONCAT_(a, b) a##b
#define AX_CONCAT(a, b)  AX_CONCAT_(a, b)

/** Elements of an array; refuses a pointer at compile time. */
#define ARRAY_SIZE(array)                                                                          \
	(sizeof(array) / sizeof((array)[0]) +                                                      \
	 0 * sizeof(struct {                                                                       \
		 _Static_assert(!__builtin_types_compatible_p(__typeof__(array),                   \
							      __typeof__(&(array)[0])),            \
				"ARRAY_SIZE needs an array");                                      \
		 int is_array;                                                                     \
	 }))

/** The object of @p type whose @p member is at @p pointer. */
#define container_of(pointer, type, member)                                                        \
	((type *)((uintptr_t)(pointer) - offsetof(type, member)))

#define AX_MIN(a, b)                                                                               \
	({                                                                                         \
		__typeof__(a) min_a_ = (a);                                                        \
		__typeof__(b) min_b_ = (b);                                                        \
		min_a_ < min_b_ ? min_a_ : min_b_;                                                 \
	})
#define AX_MAX(a, b)                                                                               \
	({                                                                                         \
		__typeof__(a) max_a_ = (a);                                                        \
		__typeof__(b) max_b_ = (b);                                                        \
		max_a_ > max_b_ ? max_a_ : max_b_;                                                 \
	})

/** Run @p function(&variable) when the variable's scope is left, on every path. */
#define AX_CLEANUP(function) __attribute__((cleanup(function)))

/** Always inlined: for paths whose cost is part of an interface's promise. */
#define AX_ALWAYS_INLINE __attribute__((always_inline)) inline

/** Keeps the compiler from moving memory accesses across this point; no instruction. */
#define ax_compiler_barrier() __asm__ volatile("" ::: "memory")
