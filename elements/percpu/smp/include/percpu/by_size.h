/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accesses of smp.h where the instruction goes by the operand's size in bytes. The architecture's header, which includes
 * this one, says which: PERCPU_LOAD_<size>_(name) and PERCPU_STORE_<size>_(name, bits) for 1, 2, 4 and 8, and
 * PERCPU_ADD_<size>_(name, value), whether the sum is 0, for 4 and 8.
 */
#pragma once

#include <stdint.h>

#define percpu_arch_get(name)                                                                      \
	({                                                                                         \
		union {                                                                            \
			__typeof__(name) value;                                                    \
			uint64_t bits;                                                             \
		} percpu_value_;                                                                   \
		percpu_value_.bits = sizeof(name) == 8 ? PERCPU_LOAD_8_(name)                      \
			: sizeof(name) == 4 ? PERCPU_LOAD_4_(name)                                 \
			: sizeof(name) == 2 ? PERCPU_LOAD_2_(name)                                 \
					    : PERCPU_LOAD_1_(name);                                \
		percpu_value_.value;                                                               \
	})

#define percpu_arch_set(name, value_)                                                              \
	({                                                                                         \
		union {                                                                            \
			__typeof__(name) value;                                                    \
			uint64_t bits;                                                             \
		} percpu_value_ = { .bits = 0 };                                                   \
		percpu_value_.value = (value_);                                                    \
		if (sizeof(name) == 8)                                                             \
			PERCPU_STORE_8_(name, percpu_value_.bits);                                 \
		else if (sizeof(name) == 4)                                                        \
			PERCPU_STORE_4_(name, percpu_value_.bits);                                 \
		else if (sizeof(name) == 2)                                                        \
			PERCPU_STORE_2_(name, percpu_value_.bits);                                 \
		else                                                                               \
			PERCPU_STORE_1_(name, percpu_value_.bits);                                 \
	})

#define percpu_arch_add_is_zero(name, value)                                                       \
	({                                                                                         \
		_Static_assert(sizeof(name) == 8 || sizeof(name) == 4, "add is of 4 or 8 bytes");  \
		sizeof(name) == 8 ? PERCPU_ADD_8_(name, value) : PERCPU_ADD_4_(name, value);       \
	})

#define percpu_arch_add(name, value) ((void)percpu_arch_add_is_zero(name, value))
